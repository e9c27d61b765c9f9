"""Writing on the page: drawn on a pad of its own or taken from pictures, read, shown, answered.

In: strokes that a browser sends, and pictures. Out: texts in the colours of their certainty, the
question about them, and rows on their way to the store. What keeps and what answers comes from
`result`.
"""
