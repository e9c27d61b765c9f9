"""What every request must pass, whatever it asks for, and how a refusal is said.

In: the settings, and a request's head. Out: nothing, or a `Problem` with a status and a sentence.
Knows nothing of drawings or of what a route answers.
"""
