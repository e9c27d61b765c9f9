"""What is kept: the tables, their rows as callers see them, and the writing of each.

In: a drawing, with or without its author's words. Out: a row that is committed, or `RowRefused`.
One function is one transaction.
"""
