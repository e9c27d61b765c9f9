"""What cannot be written yet, on the disk: it outlives the process that holds it.

In: drawings and their authors' words that wait for the store. Out: the same, to whoever starts
next. Knows rows and files, and neither the store nor who waits for it.
"""
