"""What exists once in the server's process: the network that reads, and the store.

In: the settings. Out: a recogniser, and a store with its writer, made by whoever asks first: the
start of the server, a page, or a route. Knows nothing of sessions or of what a page looks like.
"""
