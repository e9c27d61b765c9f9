from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from model.finetuning.answered import AnsweredDrawing, TooLittleToLearn, tally
from tests.model.finetuning.kept_drawings import some_drawings


def test_a_tally_counts_answers_people_and_days() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    drawings = [
        replace(drawing, visitor="ab"[number % 2], answered_at=noon + timedelta(minutes=number))
        for number, drawing in enumerate(some_drawings(2, not_digits=1))
        if drawing.label != 3
    ]

    counts = tally(drawings)

    assert (counts.digits, counts.not_digits, counts.visitors) == (18, 1, 2)
    assert counts.until == datetime(2026, 5, 1, 10, 20, tzinfo=UTC)
    assert counts.missing == ("3",)
    assert str(counts) == (
        "18 drawings of digits and 1 of no digit by 2 visitors, answered until 2026-05-01 10:20 UTC"
    )


def test_of_a_folder_nobody_knows_who_and_when() -> None:
    counts = tally(some_drawings(1))

    assert (counts.visitors, counts.until) == (None, None)
    assert str(counts) == "10 drawings of digits"


@pytest.mark.parametrize(
    ("drawings", "words"),
    [
        ([], "no answered drawings: at least 10 are needed"),
        (some_drawings(1)[:9], "9 answered drawings: at least 10"),
        (some_drawings(12)[:12], "all 12 drawings are said to be a 0"),
        (some_drawings(1, not_digits=11)[10:], "all 11 drawings are said to be no digit"),
    ],
)
def test_too_few_and_all_alike_are_refused_in_words(
    drawings: list[AnsweredDrawing], words: str
) -> None:
    with pytest.raises(TooLittleToLearn, match=words):
        tally(drawings)
