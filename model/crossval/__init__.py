"""K-fold cross-validation: how well a recipe reads, by as many trainings as there are folds.

In: the training's options and a number of folds. Out: a table of folds with mean and deviation,
and the weights of each fold where they are asked for. `folds` says who goes where, `pool` makes all
images once, `fold` trains and scores one; `side_by_side` and `cluster` are the two ways to have
that done elsewhere, with the same figures. Test sets never take part.
"""
