"""Members of an ensemble as scikit-learn trains them, and their way into ONNX graphs.

In: a member's name and parameters, pixels and labels. Out: estimators, and of a trained one a graph
from ink to calibrated probabilities. Knows nothing of grids, folds or the members beside it.
"""
