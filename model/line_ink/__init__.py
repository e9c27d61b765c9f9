"""A line of writing as its two networks take it: a strip of ink, and the path of a pen.

In: a picture or strokes of one or several lines. Out: which pieces of ink are in which row
(`part_rows`), a strip of one height (`line_strip`), numbers for each step of a pen (`pen_path`).
"""
