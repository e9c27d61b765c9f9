"""The tuned members as programs of an older service know them: their images, words and figures.

In: what such a program sends. Out: what to tune, images, predictions; `Problem` where there is a
mistake. None of the faults of the service that defined these routes.
"""
