"""Readings and beliefs made up for the gate: who reads what, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.believing.believe import Belief
from model.believing.statements import NO_DIGIT
from model.promotion.comparison import Part, Reading
from model.promotion.gate_report import SHARE, LiveTest, Report, Row
from tests.model.believing.answers_of_visitors import an_answer


def read_as(digits: Sequence[int | None], share: float = 0.99) -> Reading:
    """Return a reading of these digits; None is refused, and nearest to a 0."""
    shares = np.full((len(digits), 10), (1 - share) / 9)
    for row, digit in enumerate(digits):
        shares[row, digit or 0] = share
    return Reading(shares, np.array([digit is not None for digit in digits], bool))


def live_test_of(labels: Sequence[int]) -> list[Belief]:
    """Return beliefs of a live test with these labels, of two visitors."""
    return [
        Belief(
            answered=replace(an_answer(n), visitor=f"visitor {n % 2}"),
            label=label, in_live_test=True, weight=1,
        )
        for n, label in enumerate(labels)
    ]  # fmt: skip


def labels_of(count: int) -> NDArray[np.int64]:
    """Return so many labels, of all digits alike."""
    return np.arange(count) % NO_DIGIT


def a_part(count: int) -> Part:
    """Return so many digits; nobody looks at their ink."""
    return Part(np.zeros((count, 28, 28), np.uint8), labels_of(count))


def misread(count: int, wrong: int, digit: int | None = None) -> Reading:
    """Return a reading of `labels_of(count)` of which so many are wrong, of that digit's alone."""
    labels = labels_of(count)
    places = np.flatnonzero(labels == digit) if digit is not None else np.arange(count)
    digits = labels.tolist()
    for place in places[:wrong].tolist():
        digits[place] = (digits[place] + 1) % 10
    return read_as(digits)


A_LIVE_TEST = LiveTest(
    visitors=2, digits=20, not_digits=1, was_right=10, is_right=16, p=0.03125,
    newly_right=("a", "b", "c", "d", "e", "f"), newly_misread=(),
    readings={name: {"label": 3, "was": 8, "is": 3} for name in "abcdef"},
)  # fmt: skip
A_REPORT = Report(
    candidate="six-conv-00000002",
    parent="six-conv-00000001",
    made_at="2026-05-01T12:00:00+00:00",
    verdict="better",
    reasons=("6 newly right",),
    rows=(
        Row(name="MNIST, read right", unit=SHARE, images=6000, was=0.9950, now=0.9945, limit=-0.05),
    ),
    live_test=A_LIVE_TEST,
    believed={"answers": 100, "visitors": 8},
)
