"""What the pages have to do with the store: writing in the background, numbers shared by sessions.

In: drawings, answers, filters. Out: receipts that say how far a write has come, numbers, CSV, and
what a page says while the store is away.
"""
