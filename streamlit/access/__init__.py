"""Who a visitor is and where, who may see everyone's drawings, how one becomes the operator.

In: settings, a request's connection, headers and cookies, a typed password, the link of the
terminal. Out: the visitor's id, whether this session is the operator's, the address that limits go
by, and cookies for browsers to keep.
"""
