"""The routes, a file each subject: parse, call, answer.

In: a request that has passed the gate. Out: JSON. What a route calls could be called from a command
line.
"""
