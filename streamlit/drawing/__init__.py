"""One drawing on its page: the canvas, its reading, the question, the explanation.

In: strokes or a picture. Out: what the page shows of it, and rows for the store's writer.
"""
