"""The canvas, and the drawing that is on it: taken in, undone, answered, held by its tab.

In: strokes from a browser. Out: the session's drawing, read, for the page to show and ask about.
"""
