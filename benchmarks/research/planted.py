"""Wrong answers among right ones, and how many of them are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from model.believing.believe import Belief, Believed, Reason
from model.believing.statements import NO_DIGIT, Answered
from model.finetuning.answered import AnsweredDrawing

WRONG_SHARE = 0.1
OF_LIAR = 200  # wrong answers of the one visitor
LIAR = "one visitor"
HONEST, IN_TEN, BY_ONE = "all right", "one in ten wrong", "200 wrong of one visitor"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """Answers, and by drawing the right label of those that are wrong."""

    answers: list[Answered]
    wrong: dict[str, int]


def plant(answered: Sequence[AnsweredDrawing], spare: Sequence[AnsweredDrawing], what: str,
          seed: int) -> Planted:  # fmt: skip
    """Return answers with wrong ones among them, as `what` says; spare: drawings of the liar."""
    chance = np.random.default_rng([seed, 20])
    said = list(answered)
    wrong: set[int] = set()
    if what == IN_TEN:
        wrong = set(np.flatnonzero(chance.random(len(said)) < WRONG_SHARE).tolist())
    if what == BY_ONE:
        wrong = set(range(len(said), len(said) + len(spare[:OF_LIAR])))
        said += [replace(drawing, visitor=LIAR) for drawing in spare[:OF_LIAR]]
    answers = [
        Answered(
            drawing=f"{place}", visitor=drawing.visitor or "", said_at=NOW,
            label=(drawing.label + int(chance.integers(1, NO_DIGIT))) % NO_DIGIT
            if place in wrong else drawing.label,
            ink=drawing.ink, strokes=drawing.strokes,
        )
        for place, drawing in enumerate(said)
    ]  # fmt: skip
    return Planted(answers, {f"{place}": said[place].label for place in wrong})


def found(believed: Believed, wrong: dict[str, int]) -> dict[str, int]:
    """Return how many planted mistakes counted and were set aside, and honest corrections likewise.

    An honest correction is a right answer to a drawing that the weights misread.
    """
    counting = [belief for belief in believed.beliefs if belief.weight]
    mistakes = [belief for belief in counting if belief.answered.drawing in wrong]
    honest = [belief for belief in counting if belief.answered.drawing not in wrong]
    corrections = [belief for belief in honest if belief.read_as != belief.label]

    def aside(beliefs: Sequence[Belief]) -> int:
        return sum(belief.reason is Reason.SET_ASIDE for belief in beliefs)

    return {
        "mistakes": len(mistakes),
        "mistakes set aside": aside(mistakes),
        "corrections": len(corrections),
        "corrections set aside": aside(corrections),
        "honest": len(honest),
        "honest set aside": aside(honest),
    }


def sum_up(measured: Sequence[dict[str, Any]]) -> dict[str, dict[str, dict[str, int]]]:
    """Return what was found, by kind and number of answers, over all sites and seeds."""
    sums: dict[str, dict[str, dict[str, int]]] = {}
    for result in measured:
        for what, of_kind in result["found"].items():
            for count, numbers in of_kind.items():
                row = sums.setdefault(what, {}).setdefault(count, dict.fromkeys(numbers, 0))
                for name, number in numbers.items():
                    row[name] += number
    return sums


def format_found(sums: dict[str, dict[str, dict[str, int]]]) -> str:
    """Return what was set aside as a table to read."""
    lines = ["set aside, of those that count"]
    for what, of_kind in sums.items():
        for count, row in of_kind.items():
            cells = "; ".join(
                f"{row[f'{name} set aside']:,} of {row[name]:,} {words}"
                for name, words in (
                    ("mistakes", "planted mistakes"),
                    ("corrections", "honest corrections"),
                    ("honest", "honest answers"),
                )
            )
            lines.append(f"{what + ', ' + count:<36}{cells}")
    return "\n".join(lines)
