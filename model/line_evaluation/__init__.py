"""Measurements of the reader of writing on lines that nothing was chosen on.

In: weights and the lines of the test sites. Out: how many texts are right, how honest confidence
is, what is refused, how long it takes; a report, its table and its figures.
"""
