"""The networks, and the files that their weights are kept in.

In: ink as float32 (N, 1, 28, 28). Out: logits (N, classes). A file of weights says in its card what
they are and how to use them. Knows nothing of what a network is trained on.
"""
