"""Whether a candidate may read in place of what is live: the gate, and the report that it writes.

In: two sets of weights, the live test (`model.believing`), and the data that must not be forgotten.
Out: a `Report` with a row for each thing that was asked, its limit, and a verdict. MNIST's test set
and the test sites are never read here.
"""
