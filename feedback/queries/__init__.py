"""What is asked of the store: drawings page by page, counts, and how right it was what people saw.

In: `Filters`. Out: rows and numbers; nothing here writes.
"""
