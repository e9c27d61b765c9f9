"""Members tuned by grid search, trained anew, exported to ONNX, and weighed against each other.

In: grids, and a folder of data. Out: a folder of members, as `model.ensemble` reads it, and a
report. `grids` says what may be asked for, `search` finds winners, here or on a cluster, `tune` is
the whole of it. Test sets are read once, at the end.
"""
