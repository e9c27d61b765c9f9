"""How well a set of digits was read, in numbers that can be written down."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
    roc_auc_score,
)

from model.reading.calibration import expected_calibration_error, reliability

Probabilities = NDArray[np.float64]  # calibrated, (N, classes)
Labels = NDArray[np.int64]  # (N,)


def summarise(
    probabilities: Probabilities,
    labels: Labels,
    threshold: float,
    accepted: NDArray[np.bool_] | None = None,
) -> dict[str, Any]:
    """Return accuracy, loss in nats, calibration error, and how it stands with the sure ones.

    threshold: the confidence from which a prediction is called sure; accepted: (N,), which are
    taken for a digit, without which none is sure (all, if not given). All shares are 0..1.
    """
    right = probabilities.argmax(axis=1) == labels
    accepted = np.ones(len(labels), bool) if accepted is None else accepted
    sure = (probabilities.max(axis=1) >= threshold) & accepted
    classes = np.arange(probabilities.shape[1])
    return {
        "images": len(labels),
        "correct": int(right.sum()),
        "accuracy": float(right.mean()),
        "loss": float(log_loss(labels, probabilities, labels=classes)),
        "expected_calibration_error": expected_calibration_error(probabilities, labels),
        "accepted_share": float(accepted.mean()),
        "sure": {
            "threshold": threshold,
            "images": int(sure.sum()),
            "share": float(sure.mean()),
            "correct": int(right[sure].sum()),
            "accuracy": float(right[sure].mean()) if sure.any() else None,
        },
    }


def describe_classes(
    probabilities: Probabilities, labels: Labels, names: tuple[str, ...]
) -> dict[str, Any]:
    """Return precision, recall, F1 and ROC AUC per class and on average, and the confusion matrix.

    names: label of each column. ROC AUC is of one class against the rest, None for a class that the
    labels do not have, or have alone. `confusion_matrix` counts [true][predicted].
    """
    predicted = probabilities.argmax(axis=1)
    numbers = np.arange(len(names))
    precision, recall, f1, images = precision_recall_fscore_support(
        labels, predicted, labels=numbers, zero_division=0
    )
    areas = [_area(labels == number, probabilities[:, number]) for number in numbers]
    known_areas = [area for area in areas if area is not None]
    return {
        "roc_auc": float(np.mean(known_areas)) if known_areas else None,
        "macro": {
            "precision": float(precision.mean()),
            "recall": float(recall.mean()),
            "f1": float(f1.mean()),
        },
        "classes": {
            name: {
                "precision": float(precision[number]),
                "recall": float(recall[number]),
                "f1": float(f1[number]),
                "roc_auc": areas[number],
                "images": int(images[number]),
            }
            for number, name in enumerate(names)
        },
        "confusion_matrix": confusion_matrix(labels, predicted, labels=numbers).tolist(),
        "reliability": reliability(probabilities, labels),
    }


def _area(is_class: NDArray[np.bool_], shares: Probabilities) -> float | None:
    if is_class.all() or not is_class.any():
        return None
    return float(roc_auc_score(is_class, shares))
