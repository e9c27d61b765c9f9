"""How well weights read, on data that no training and no choice has seen.

In: weights and the test sets. Out: a report, its table and its figures.
"""
