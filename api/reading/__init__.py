"""Reading what a request sends: pictures and strokes in, what `model.predict --json` says out.

In: a request's body. Out: a reading for each drawing, with the version of the weights; readings of
one moment go through the network together. Keeps nothing.
"""
