"""What the dashboard's server does beside showing pages: routes, middleware, start and end.

In: HTTP requests, and the settings. Out: answers that need no page; headers on every answer. A new
route is a file here and a line in `routes`.
"""
