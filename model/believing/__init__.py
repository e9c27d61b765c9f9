"""Which of people's answers are believed, how far, and why: for learning from and for testing on.

In: answered drawings as plain data (`statements`), and what weights say of them (`opinion`). Out: a
`Belief` of each (`believe`): its label, its weight, whether it is in the live test, and a reason
where it does not count in full. Knows nothing of a store, and needs no torch, so that a page can
show all of it.
"""
