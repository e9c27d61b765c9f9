"""What the service counts of itself, in the form that Prometheus reads.

In: readings, answers, jobs, as they come. Out: a page of text, whose series are few and known.
"""
