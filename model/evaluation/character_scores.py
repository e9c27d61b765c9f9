"""Testing the reader of characters: on scans, on drawings of unseen people, and on no characters.

Of a single picture nobody can tell the case of fifteen letters. So everything is said twice: of all
62 characters, and of 47, where the shares of both cases of those letters are added up.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.datasets.alphabet import CHARACTERS, MERGED, meanings, merged_places
from model.datasets.emnist import SPLITS, Scans, load_emnist
from model.datasets.mnist import CLASSES, Digits
from model.errors import BadWeights
from model.evaluation.breakdown import by_group, describe_drawn, describe_writers, label_numbers
from model.evaluation.character_table import format_characters
from model.evaluation.logit_cache import RememberingRecogniser
from model.evaluation.refusal import Strangers, gather_strangers
from model.figures import confidence
from model.figures.digits import save_mistakes
from model.pen.attribution import EMNIST, UNIPEN
from model.pen.drawings import CHARACTER_FOLDERS, load_pen_drawings
from model.reading.metrics import Labels, Probabilities, summarise
from model.reading.recogniser import Recogniser
from model.synthesis.canvas_images import Drawn, draw_all

REPORT, TABLE = "report.json", "evaluation.txt"
SETS = ("by_class", "letters", "drawn", "drawn_digits")  # the report's parts


def evaluate_characters(
    weights: Path, data_dir: Path, results_dir: Path, seed: int = 0
) -> dict[str, Any]:
    """Score weights on characters; write the report, its table and its figures.

    `seed` places drawings on their canvases. Shares are 0..1, losses in nats.
    Raises WeightsError, DatasetError, or OSError where the results cannot be written.
    """
    recogniser = RememberingRecogniser.load(weights)
    if recogniser.card.classes != tuple(CHARACTERS):
        raise BadWeights(f"{weights} does not read the {len(CHARACTERS)} characters")
    scans = load_emnist(data_dir, "byclass", train=False)
    letters = load_emnist(data_dir, "letters", train=False)
    drawings = load_pen_drawings(data_dir, "test", CHARACTER_FOLDERS)
    drawn = draw_all([d for d in drawings if d.label in CHARACTERS], seed)
    strangers = gather_strangers([], seed)
    card = recogniser.card
    report: dict[str, Any] = {
        "weights": {
            "version": card.version,
            "architecture": card.architecture,
            "file": weights.name,
            "parameters": card.parameters,
            "epochs": card.epochs,
            "seed": card.seed,
            "temperature": card.temperature,
            "sure_threshold": card.sure_threshold,
            "digit_threshold": card.digit_threshold,
        },
        "by_class": {"name": "EMNIST ByClass", **_score_scans(recogniser, scans)},
        "letters": {"name": "EMNIST Letters", **_score_letters(recogniser, letters)},
        "drawn": None,
        "drawn_digits": None,
        "refusal": _score_refusal(recogniser, strangers),
        "baseline": None,
    }
    if len(drawn):
        report["drawn"] = _score_drawn(recogniser, drawn)
        digits = np.isin(drawn.labels, CLASSES)
        if digits.any():
            report["drawn_digits"] = _score_drawn(recogniser, drawn.take(digits))
    results_dir.mkdir(parents=True, exist_ok=True)
    report["figures"] = _draw_figures(results_dir, report, recogniser, scans, drawn)
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (results_dir / REPORT).write_text(text + "\n", encoding="utf-8")
    (results_dir / TABLE).write_text(format_characters(report) + "\n", encoding="utf-8")
    return report


def _score_scans(recogniser: Recogniser, scans: Scans) -> dict[str, Any]:
    images, labels = scans.images.numpy(), scans.labels.numpy()
    shares = recogniser.probabilities(images)
    threshold, accepted = recogniser.card.sure_threshold, recogniser.accepts(images)
    return {
        **summarise(shares, labels, threshold, accepted),
        **describe_merged(shares, labels, accepted, threshold),
        "classes": by_group(shares.argmax(axis=1) == labels, np.array(list(CHARACTERS))[labels]),
    }


def _score_letters(recogniser: Recogniser, letters: Scans) -> dict[str, Any]:
    """Return how many are read right as one of the 26 letters, whatever the case."""
    labels = letters.labels.numpy()
    shares = recogniser.probabilities(letters.images.numpy()) @ meanings(SPLITS["letters"]).T
    right = shares.argmax(axis=1) == labels
    return {
        "images": len(labels),
        "correct": int(right.sum()),
        "accuracy": float(right.mean()),
        "classes": by_group(right, np.array([name[0] for name in SPLITS["letters"]])[labels]),
    }


def _score_drawn(recogniser: Recogniser, drawn: Drawn) -> dict[str, Any]:
    report = describe_drawn(recogniser, drawn)
    del report["pen_widths"]
    shares, labels = recogniser.probabilities(drawn.inks), label_numbers(recogniser, drawn)
    readable = drawn.readable
    right = (_merged(shares).argmax(axis=1) == merged_places()[labels]) & readable
    merged = describe_merged(
        shares[readable],
        labels[readable],
        recogniser.accepts(drawn.inks[readable]),
        recogniser.card.sure_threshold,
    )
    return {
        **report,
        **merged,
        "merged_accuracy": float(right.mean()),
        "merged_sites": by_group(right, drawn.sites),
        "merged_classes": by_group(right, drawn.labels),
        "merged_writers": describe_writers(right, drawn.writers),
    }


def describe_merged(
    shares: Probabilities, labels: Labels, accepted: NDArray[np.bool_], threshold: float
) -> dict[str, Any]:
    """Return the figures of the 47 characters, and how often what is sure is one of them."""
    merged, wanted = _merged(shares), merged_places()[labels]
    summary = summarise(merged, wanted, threshold, accepted)
    sure = (shares.max(axis=1) >= threshold) & accepted
    right = merged_places()[shares.argmax(axis=1)] == wanted
    return {
        "merged_accuracy": summary["accuracy"],
        "merged_calibration_error": summary["expected_calibration_error"],
        "merged_sure_accuracy": float(right[sure].mean()) if sure.any() else None,
    }


def _merged(shares: Probabilities) -> Probabilities:
    """Return the shares of the 47 characters: (N, 47)."""
    return shares @ np.eye(len(MERGED))[merged_places()]


def _score_refusal(recogniser: Recogniser, strangers: Strangers) -> dict[str, Any]:
    """Return how much of each kind of what is no character is refused, or has no ink."""
    kinds: dict[str, Any] = {}
    for kind, inks in strangers.inks.items():
        without = strangers.no_ink[kind]
        refused = int((~recogniser.accepts(inks)).sum()) + without
        images = len(inks) + without
        kinds[kind] = {
            "images": images,
            "without_ink": without,
            "refused": refused,
            "refused_share": refused / images,
        }
    return kinds


def _draw_figures(
    folder: Path, report: dict[str, Any], recogniser: Recogniser, scans: Scans, drawn: Drawn
) -> list[str]:
    """Write every figure of the test; return their names, the most telling first."""
    names = ["reliability.png", "misread_scans.png"]
    titles = {"EMNIST ByClass test set": "by_class", "Drawn at test sites": "drawn"}
    confidence.save_reliability(folder / names[0], report, titles)
    save_mistakes(
        folder / names[1],
        Digits(scans.images, scans.labels),
        recogniser.probabilities(scans.images.numpy()),
        "scanned characters",
        f"Scans: {EMNIST}.",
        classes=recogniser.card.classes,
    )
    if report["drawn"]:
        names += ["misread_drawings.png", "refusal.png"]
        readable = drawn.take(drawn.readable)
        save_mistakes(
            folder / names[2],
            Digits(
                torch.from_numpy(readable.inks),
                torch.from_numpy(label_numbers(recogniser, readable)),
            ),
            recogniser.probabilities(readable.inks),
            "drawn characters",
            f"Strokes: {UNIPEN}.",
            classes=recogniser.card.classes,
        )
        confidence.save_refusal(folder / names[3], report, "character", "drawn")
    return names
