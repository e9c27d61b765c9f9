"""What `benchmarks.browser` does on the dashboard's page, and what it measures there.

In: an open browser and the app's address. Out: milliseconds, counts and bytes. Knows nothing of
how the app is started, or of targets.
"""
