"""Weights that learnt from answers: kept, promoted, rolled back; and what operators decide.

In: both files of a version as bytes, a name, a reason. Out: rows that are committed, what is live,
or `PromotionRefused` in a sentence. Knows nothing of networks: a card is an object that it keeps.
"""
