"""Recorded pen strokes, whatever file they come in.

In: UNIPEN, Pendigits or Quick, Draw! files. Out: `PenDrawing`, strokes with their label, site and
writer; which sites train, validate and test is written down in `drawings`.
"""
