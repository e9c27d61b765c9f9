"""The networks, in torch: to be trained, and to be exported once they are.

In: ink as float32 (N, 1, 28, 28). Out: logits (N, classes), and files of weights whose card says
what they are and how to use them. Knows nothing of what a network is trained on.
"""
