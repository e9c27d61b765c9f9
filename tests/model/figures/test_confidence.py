from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.figures.confidence import save_refusal, save_reliability
from model.reading.metrics import describe_classes, summarise
from tests.model.figures.test_digits import assert_is_small_picture

LABELS = np.arange(400) % 10
SHARES = np.random.default_rng(0).dirichlet(np.full(10, 0.2), 400)
SHARES[np.arange(300), LABELS[:300]] += 2
SHARES /= SHARES.sum(axis=1, keepdims=True)


def scores(name: str) -> dict[str, Any]:
    read = {
        **summarise(SHARES, LABELS, 0.9),
        **describe_classes(SHARES, LABELS, tuple("0123456789")),
    }
    return {
        "weights": {"architecture": name},
        "test": read,
        "pen": read,
        "refusal": {"blob": {"refused_share": 0.93}, "letter": {"refused_share": 0.5}},
    }


@pytest.mark.parametrize("baseline", [None, scores("two-block")])
def test_reliability_is_a_small_picture_with_and_without_a_baseline(
    tmp_path: Path, baseline: dict[str, Any] | None
) -> None:
    save_reliability(tmp_path / "a.png", scores("six-conv") | {"baseline": baseline})

    assert_is_small_picture(tmp_path / "a.png")


def test_without_drawn_digits_there_is_one_panel(tmp_path: Path) -> None:
    save_reliability(tmp_path / "a.png", scores("six-conv") | {"baseline": None, "pen": None})

    assert_is_small_picture(tmp_path / "a.png")


def test_refusal_is_a_small_picture(tmp_path: Path) -> None:
    save_refusal(tmp_path / "a.png", scores("six-conv"))

    assert_is_small_picture(tmp_path / "a.png")
