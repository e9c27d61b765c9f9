"""Training of the two networks that read lines of writing.

In: recorded lines and isolated characters of the training sites. Out: the weights of a network that
sees strips of ink and of one that follows the pen, with what they reached on the validation sites.
`samples` gathers and draws, `batches` deals, `spelling` turns texts into labels, `learn` trains.
"""
