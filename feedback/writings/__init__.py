"""Texts and their right answers, compared: what an answer says of each character that was read.

In: two texts. Out: the answer as it is kept, how far they are apart, what is certain of a single
character, and what kind of text it is. Knows nothing of rows or of how anything was read.
"""
