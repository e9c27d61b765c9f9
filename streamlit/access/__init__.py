"""Who may see everyone's drawings, how somebody becomes the operator, and where a visitor is.

In: settings, a request's connection and headers, a typed password, the link of the terminal. Out:
whether this session is the operator's, and the address that limits go by.
"""
