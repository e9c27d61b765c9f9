"""Trainings as jobs: a process of their own at low priority, one at a time over all instances.

In: what to tune. Out: a job with its progress, which can be cancelled, and at its end the tuned
members' report or the reason why there is none; kept so that every instance tells of it. Knows
nothing of requests.
"""
