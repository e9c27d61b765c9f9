"""Pages for the operator alone: Review, where answers are judged, and Learning, where weights are.

In: the store's answers, what is believed of them, candidates and their reports. Out: decisions,
trainings, promotions; each with the name that the operator typed. Nobody else sees these pages.
"""
