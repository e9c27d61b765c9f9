from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.figures.charts import (
    save_class_distribution,
    save_confusion_matrix,
    save_training_history,
)
from model.figures.digits import (
    save_augmented_sample,
    save_mistakes,
    save_sample_images,
    save_test_predictions,
)
from model.figures.prediction_chart import save_probability_chart
from model.reading.metrics import describe_classes, summarise
from model.reading.recogniser import Prediction
from tests.model.datasets.scanned_digits import scanned_digits

DIGITS = scanned_digits().take(torch.arange(200))
PROBABILITIES = np.random.default_rng(0).dirichlet(np.full(10, 0.1), len(DIGITS))
PROBABILITIES[np.arange(150), DIGITS.labels[:150]] += 3
PROBABILITIES /= PROBABILITIES.sum(axis=1, keepdims=True)


def assert_is_small_picture(path: Path) -> None:
    with Image.open(path) as picture:
        assert min(picture.size) > 300
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 20
    assert path.stat().st_size < 300_000


def scores() -> dict[str, object]:
    labels = DIGITS.labels.numpy()
    return {
        "name": "some digits",
        **summarise(PROBABILITIES, labels, 0.9),
        **describe_classes(PROBABILITIES, labels, tuple("0123456789")),
    }


def test_test_predictions_are_a_small_picture(tmp_path: Path) -> None:
    save_test_predictions(tmp_path / "a.png", DIGITS, PROBABILITIES, np.arange(146, 154))

    assert_is_small_picture(tmp_path / "a.png")


def test_the_confusion_matrix_is_a_small_picture(tmp_path: Path) -> None:
    save_confusion_matrix(tmp_path / "a.png", scores(), "two-block-0123abcd")

    assert_is_small_picture(tmp_path / "a.png")


def test_mistakes_are_a_small_picture_however_many_there_are(tmp_path: Path) -> None:
    for mistakes in (50, 3, 0):
        chosen = torch.arange(50, 150 + mistakes)
        save_mistakes(tmp_path / "a.png", DIGITS.take(chosen), PROBABILITIES[chosen], "digits")

        assert_is_small_picture(tmp_path / "a.png")


def test_the_class_distribution_is_a_small_picture(tmp_path: Path) -> None:
    save_class_distribution(tmp_path / "a.png", {"training": DIGITS, "test": DIGITS})

    assert_is_small_picture(tmp_path / "a.png")


def test_samples_are_small_pictures(tmp_path: Path) -> None:
    save_sample_images(tmp_path / "a.png", DIGITS.images[:100].view(10, 10, 28, 28))
    changed = DIGITS.images[:80].view(10, 8, 28, 28) / 255
    save_augmented_sample(tmp_path / "b.png", DIGITS.images[:10], changed, "leaves it alone.")

    assert_is_small_picture(tmp_path / "a.png")
    assert_is_small_picture(tmp_path / "b.png")


@pytest.mark.parametrize(("epochs", "parts"), [(1, ["MNIST"]), (20, ["MNIST", "pen"])])
def test_the_training_history_is_a_small_picture(
    tmp_path: Path, epochs: int, parts: list[str]
) -> None:
    records = [
        {
            "epoch": epoch,
            "train_loss": 2 / epoch,
            "train_accuracy": 1 - 0.5 / epoch,
            "validation_loss": 1 / epoch,
            "validation_accuracy": 1 - 0.2 / epoch,
            "validation_accuracies": dict.fromkeys(parts, 1 - 0.2 / epoch),
        }
        for epoch in range(1, epochs + 1)
    ]
    history = {"network": "two-block", "best_epoch": epochs, "epochs": records}

    save_training_history(tmp_path / "a.png", history)

    assert_is_small_picture(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("sure", "is_digit", "several"),
    [(True, True, None), (False, True, None), (False, False, None), (False, False, 3)],
)
def test_a_probability_chart_is_a_small_picture(
    tmp_path: Path, sure: bool, is_digit: bool, several: int | None
) -> None:
    shares = dict(zip("0123456789", PROBABILITIES[0], strict=True))
    best = max(shares, key=lambda label: shares[label])

    ink = DIGITS.images[0].numpy()
    prediction = Prediction(best, shares[best], sure, is_digit, shares, ink, several=several)
    save_probability_chart(prediction, tmp_path / "a.png")

    assert_is_small_picture(tmp_path / "a.png")


def test_the_same_digits_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save_mistakes(tmp_path / name, DIGITS, PROBABILITIES, "digits")

    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_figure_that_cannot_be_written_raises_an_oserror_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()

    with pytest.raises(OSError, match=r"a\.png"):
        save_mistakes(tmp_path / "a.png", DIGITS, PROBABILITIES, "digits")
