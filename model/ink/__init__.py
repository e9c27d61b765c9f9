"""Any picture or strokes to ink: uint8 (28, 28), 0 = paper, 255 = full ink.

In: a picture file, a PIL image or an array of any size, or a pen's strokes on a canvas. Out: ink
laid out as MNIST's is, or `BadDrawing` that says what was wrong. Knows nothing of networks, labels
or where a picture came from.
"""
