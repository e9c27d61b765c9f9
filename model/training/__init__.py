"""Data in, weights out.

In: what the command line was told (`options`). Out: a file of weights with its card, and the
training's history. `run` is one whole training, `loop` its epochs, `epoch` one of them.
"""
