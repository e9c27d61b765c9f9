"""Kept drawings as cards: the picture, what was read and said, and what its author may do there.

In: `KeptDrawing`s, and functions that change one. Out: cards on the page, and calls of these.
"""
