"""How OpenAPI describes the routes: schemas, examples, refusals.

In: nothing that happens while the service runs. Out: plain objects that the routes are made with.
"""
