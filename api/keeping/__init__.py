"""The store as the service has it: what it holds as JSON, and what programs add to it.

In: a configured store, readings and answers. Out: rows that are committed, or an exception that
says why they are not. Knows nothing of requests.
"""
