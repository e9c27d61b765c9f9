from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from feedback.statistics import Verdict, read_statistics, verdict_on
from feedback.store import NOT_A_DIGIT, Answer, Filters, export_rows, list_drawings
from tests.feedback.sample_drawings import a_drawing, keep, random_drawings


@pytest.mark.parametrize(
    ("is_digit", "answer", "words"),
    [
        (True, 7, "read right"),
        (True, 1, "misread"),
        (False, 7, "refused by mistake"),
        (False, 1, "refused by mistake"),
        (False, NOT_A_DIGIT, "refused rightly"),
        (True, NOT_A_DIGIT, "taken for a digit"),
        (True, None, None),
        (False, None, None),
    ],
)
def test_a_verdict_is_about_what_was_shown(
    engine: Engine, is_digit: bool, answer: Answer | None, words: str | None
):
    keep(engine, [(a_drawing(predicted=7, is_digit=is_digit), answer)])

    (kept,) = list_drawings(engine, Filters(), limit=1)
    (exported,) = export_rows(engine, Filters())

    became = verdict_on(kept)
    assert (None if became is None else str(became)) == words
    assert exported["verdict"] == words


def test_the_verdicts_of_a_file_add_up_to_the_statistics(engine: Engine):
    keep(engine, random_drawings(seed=8, number=700))

    exported = [row["verdict"] for row in export_rows(engine, Filters())]

    counted = read_statistics(engine, Filters()).verdicts
    assert {kind: exported.count(str(kind)) for kind in Verdict} == counted
    assert min(counted.values()) > 0


def test_an_answer_of_nought_is_an_answer(engine: Engine):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    keep(engine, [(a_drawing(predicted=0, created_at=moment), 0)])

    (kept,) = list_drawings(engine, Filters(), limit=1)

    assert verdict_on(kept) is Verdict.READ_RIGHT
