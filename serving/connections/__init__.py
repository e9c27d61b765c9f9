"""Where a server listens, who speaks to it, and what a line of its log looks like.

In: what is written on a command line, or an ASGI connection. Out: an address that can be listened
on, the address of a client as far as it can be believed, a line.
"""
