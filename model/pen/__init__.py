"""Recorded pen strokes, whatever file they come in.

In: UNIPEN, Pendigits or Quick, Draw! files. Out: `PenDrawing`, strokes with their label, site and
writer; or `WrittenLine`, words and lines; which
sites train, validate and test is written down in `sites`.
"""
