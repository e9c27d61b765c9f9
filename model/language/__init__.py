"""What people write: which words there are, and how likely a text is before anything was seen.

In: letters, digits and spaces. Out: words with how common they are (`word_list`), the probability
of a text (`prior`). Knows nothing of ink.
"""
