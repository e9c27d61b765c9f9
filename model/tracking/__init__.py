"""What is known of a training, to MLflow; a training goes on the same with it and without.

In: names, options, figures, paths of files (`tracker`). Out: runs in MLflow's store. A process of
its own does the recording (`recorder`, which alone loads MLflow), so that a store that is slow,
away, or goes away costs a training nothing but a sentence.
"""
