"""Two readings of the same drawings, side by side: rows with limits, and the live test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from model.believing.believe import Belief
from model.believing.statements import NO_DIGIT
from model.promotion.gate_report import ERROR, SHARE, LiveTest, Row
from model.reading.calibration import expected_calibration_error
from model.reading.recogniser import Recogniser
from model.reading.softmax import calibrated, digit_scores

# Limits: points of a share that may be lost, and by how much a calibration error may grow.
LOST = {"MNIST": 0.05, "pen": 0.1}  # of digits read right, by part of validation
LOST_OF_DIGIT = 1.0  # of any one digit
LOST_TAKEN = 0.5  # of digits that are taken for one
LOST_REFUSED = 2.0  # of what is no digit, refused
LOST_CALIBRATION = 0.005  # on validation
LOST_CALIBRATION_LIVE = 0.02  # on the live test
# Below so many drawings of the live test, chance alone would break these limits.
LEAST_OF_DIGIT, LEAST_OF_NONE, LEAST_TO_CALIBRATE = 100, 50, 200
SIGNIFICANT = 0.05


class Part(NamedTuple):
    """Digits that are read: inks, uint8 (N, 28, 28), and labels, int64 (N,)."""

    inks: NDArray[np.uint8]
    labels: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reading:
    """What weights read in N drawings: shares, float64 (N, 10), and what is taken for a digit."""

    shares: NDArray[np.float64]
    taken: NDArray[np.bool_]

    @property
    def best(self) -> NDArray[np.int64]:
        """Return the likeliest digit of each, taken for one or not."""
        nearest: NDArray[np.int64] = self.shares.argmax(axis=1)
        return nearest


def read(recogniser: Recogniser, inks: NDArray[np.uint8]) -> Reading:
    """Return what weights read in inks, uint8 (N, 28, 28)."""
    logits, card = recogniser.logits(inks), recogniser.card
    taken = np.ones(len(logits), bool)
    if card.digit_threshold is not None:
        taken = digit_scores(logits, NO_DIGIT) >= card.digit_threshold
    return Reading(calibrated(logits[:, :NO_DIGIT], card.temperature), taken)


def compare_digits(
    parts: Mapping[str, Part], was: Mapping[str, Reading], now: Mapping[str, Reading]
) -> Iterator[Row]:
    """Yield rows on validation: right, by digit, taken for a digit, calibration."""
    for name, part in parts.items():
        yield Row(
            name=f"{name}, read right", unit=SHARE, images=len(part.labels),
            was=_mean(was[name].best == part.labels), now=_mean(now[name].best == part.labels),
            limit=-LOST.get(name, min(LOST.values())),
        )  # fmt: skip
    for digit in range(NO_DIGIT):
        own = {name: part.labels == digit for name, part in parts.items()}
        there = [name for name in parts if own[name].any()]
        if there:
            yield Row(
                name=f"{digit}, over {' and '.join(there)}", unit=SHARE,
                images=sum(int(own[name].sum()) for name in there),
                was=_over([was[name].best[own[name]] == digit for name in there]),
                now=_over([now[name].best[own[name]] == digit for name in there]),
                limit=-LOST_OF_DIGIT,
            )  # fmt: skip
    for name, part in parts.items():
        yield Row(
            name=f"{name}, taken for a digit", unit=SHARE, images=len(part.labels),
            was=_mean(was[name].taken), now=_mean(now[name].taken), limit=-LOST_TAKEN,
        )  # fmt: skip
    for name, part in parts.items():
        yield Row(
            name=f"{name}, calibration error", unit=ERROR, images=len(part.labels),
            was=expected_calibration_error(was[name].shares, part.labels),
            now=expected_calibration_error(now[name].shares, part.labels),
            limit=LOST_CALIBRATION,
        )  # fmt: skip


def compare_strangers(was: Mapping[str, Reading], now: Mapping[str, Reading]) -> Iterator[Row]:
    """Yield a row for each kind of what is no digit: how much of it is refused."""
    for name, old in was.items():
        yield Row(
            name=f"{name}, refused", unit=SHARE, images=len(old.taken),
            was=_mean(~old.taken), now=_mean(~now[name].taken), limit=-LOST_REFUSED,
        )  # fmt: skip


def compare_live(
    tested: Sequence[Belief], was: Reading, now: Reading
) -> tuple[LiveTest, list[Row]]:
    """Return how the live test was read and is read, and its rows."""
    labels = np.array([belief.label for belief in tested], np.int64)
    is_digit = labels != NO_DIGIT
    was_right, is_right = ((seen.best == labels) & seen.taken for seen in (was, now))
    gained = np.flatnonzero(is_digit & is_right & ~was_right).tolist()
    lost = np.flatnonzero(is_digit & was_right & ~is_right).tolist()

    def seen_as(reading: Reading, place: int) -> int | None:
        return int(reading.best[place]) if reading.taken[place] else None

    live = LiveTest(
        visitors=len({belief.answered.visitor for belief in tested}),
        digits=int(is_digit.sum()),
        not_digits=int((~is_digit).sum()),
        was_right=int(was_right[is_digit].sum()),
        is_right=int(is_right[is_digit].sum()),
        p=mcnemar(len(gained), len(lost)),
        newly_right=tuple(tested[place].answered.drawing for place in gained),
        newly_misread=tuple(tested[place].answered.drawing for place in lost),
        readings={
            tested[place].answered.drawing: {
                "label": int(labels[place]), "was": seen_as(was, place), "is": seen_as(now, place),
            }
            for place in (*gained, *lost)
        },
    )  # fmt: skip
    return live, list(_live_rows(labels, was, now, was_right, is_right))


def _live_rows(
    labels: NDArray[np.int64],
    was: Reading,
    now: Reading,
    was_right: NDArray[np.bool_],
    is_right: NDArray[np.bool_],
) -> Iterator[Row]:
    is_digit = labels != NO_DIGIT
    yield Row(
        name="live test, read right", unit=SHARE, images=int(is_digit.sum()),
        was=_mean(was_right[is_digit]), now=_mean(is_right[is_digit]), limit=0.0,
    )  # fmt: skip
    for digit in range(NO_DIGIT):
        own = labels == digit
        if own.sum() >= LEAST_OF_DIGIT:
            yield Row(
                name=f"{digit}, in the live test", unit=SHARE, images=int(own.sum()),
                was=_mean(was_right[own]), now=_mean(is_right[own]), limit=-LOST_OF_DIGIT,
            )  # fmt: skip
    if not is_digit.all():
        yield Row(
            name="live test, no digit refused", unit=SHARE, images=int((~is_digit).sum()),
            was=_mean(~was.taken[~is_digit]), now=_mean(~now.taken[~is_digit]),
            limit=-LOST_REFUSED if (~is_digit).sum() >= LEAST_OF_NONE else None,
        )  # fmt: skip
    if is_digit.any():
        own = labels[is_digit]
        yield Row(
            name="live test, calibration error", unit=ERROR, images=len(own),
            was=expected_calibration_error(was.shares[is_digit], own),
            now=expected_calibration_error(now.shares[is_digit], own),
            limit=LOST_CALIBRATION_LIVE if len(own) >= LEAST_TO_CALIBRATE else None,
        )  # fmt: skip


def mcnemar(gained: int, lost: int) -> float:
    """Return the chance that as uneven a change comes of weights that are equally good.

    The exact test, two-sided: McNemar, "Note on the sampling error of the difference between
    correlated proportions or percentages", 1947.
    """
    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def _mean(which: NDArray[np.bool_]) -> float | None:
    return float(which.mean()) if len(which) else None


def _over(parts: Sequence[NDArray[np.bool_]]) -> float:
    """Return the mean share, parts counting the same, however many images each has."""
    return float(np.mean([part.mean() for part in parts]))
