"""What the members of an ensemble are called."""

from __future__ import annotations

MEMBERS = ("fcnn", "xgboost", "rf", "svm", "cnn")  # in the order of every table and answer
VOTE = "vote"  # all of them together
CLASSES = 10
PIXELS = 28 * 28
MEANINGS = {
    "fcnn": "two hidden layers",
    "xgboost": "boosted trees",
    "rf": "random forest",
    "svm": "support vectors",
    "cnn": "six convolutions",
    VOTE: "all together, weighted",
}
