"""How the store is reached.

In: settings. Out: an engine whose every use is limited in time, and reasons a person understands
where it cannot be used. Knows nothing of what is kept.
"""
