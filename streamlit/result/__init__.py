"""One drawing and its result: what was read, the question about it, and what became of the answer.

In: a drawing's prediction, and its author's words. Out: cards and questions on the page, and rows
on their way to the store. Knows no canvas.
"""
