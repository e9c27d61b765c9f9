"""What is asked of the store: drawings page by page, counts, and how right the readings were.

In: `Filters`. Out: rows and numbers; nothing here writes.
"""
