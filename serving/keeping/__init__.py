"""What a server does for what it keeps, whoever sends it.

In: a store and the setting that says for how long; what was read as writing, with its picture. Out:
a store without what is older; rows of writing.
"""
