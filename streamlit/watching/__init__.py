"""Watching weights at work: whether drawings are still what they were made for, and which is best.

In: the store, filters, and what was frozen with a version. Out: sections of the Statistics page.
"""
