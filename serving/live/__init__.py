"""The weights that read now: found in files or in the store, loaded, and followed.

In: a store, or a file's name. Out: a recogniser that is ready at once, and always the live one.
Knows nothing of pages, routes or settings.
"""
