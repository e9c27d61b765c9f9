"""Kept writing on History and Statistics: cards of it, and figures of how right it was read.

In: `KeptWriting`s, `WritingStatistics`, and functions that change a row. Out: cards and sections on
the page, and calls of these.
"""
