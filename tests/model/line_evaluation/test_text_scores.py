from __future__ import annotations

import pytest

from model.line_evaluation.edit_distance import edits
from model.line_evaluation.text_scores import Read, score
from model.writing.reader import Reading
from tests.model.line_training.written import line


def read(
    wanted: str, found: str | None, confidence: float = 0.9, *, sure: bool = False,
    is_writing: bool = True, site: str = "ced", writer: str = "one",
) -> Read:  # fmt: skip
    reading = Reading(found, confidence, sure, (), is_writing) if found is not None else None
    return Read(line(wanted, site, writer), reading)


@pytest.mark.parametrize(
    ("wanted", "found", "count"),
    [("", "", 0), ("ab", "", 2), ("", "ab", 2), ("house", "mouse", 1), ("house", "hose", 1),
     ("kitten", "sitting", 3), ("ab", "ba", 2), ("a\nb", "a b", 1)],
)  # fmt: skip
def test_edits_are_the_fewest_that_make_one_of_the_other(
    wanted: str, found: str, count: int
) -> None:
    assert edits(wanted, found) == edits(found, wanted) == count


def test_texts_are_right_exactly_or_but_for_a_case_that_no_shape_tells() -> None:
    scores = score([read("tin", "tin"), read("tin", "tIn"), read("tin", "TIN"), read("HAT", "hAT")])

    assert scores["lines"] == 4
    assert scores["exact_62"] == 0.25
    assert scores["exact_47"] == 0.5  # i alone has one shape in both cases, of these


def test_errors_are_counted_by_character() -> None:
    scores = score([read("HAT", "HA"), read("1724", "1124")])

    assert scores["cer_62"] == scores["cer_47"] == pytest.approx(2 / 7)


def test_what_was_not_read_is_wrong_and_unsure() -> None:
    scores = score([read("HAT", None), read("41", "41", sure=True)])

    assert (scores["exact_62"], scores["sure"], scores["accepted"]) == (0.5, 0.5, 0.5)
    assert scores["cer_62"] == pytest.approx(3 / 5)


def test_how_often_those_that_are_sure_are_right() -> None:
    scores = score(
        [read("41", "41", sure=True), read("nt", "Nt", sure=True), read("HAT", "MAN", sure=False)]
    )

    assert scores["right_when_sure_62"] == scores["right_when_sure_47"] == 0.5
    assert score([read("41", "41")])["right_when_sure_62"] is None


def test_what_is_no_writing_is_not_accepted() -> None:
    scores = score([read("41", "41", is_writing=False), read("41", "41")])

    assert scores["accepted"] == 0.5


def test_confidence_that_keeps_its_word_has_no_calibration_error() -> None:
    honest = [read("41", "41" if place < 3 else "1", 0.75) for place in range(4)]
    boastful = [read("41", "1", 0.95) for _ in range(4)]

    assert score(honest)["calibration_error"] == pytest.approx(0)
    assert score(boastful)["calibration_error"] == pytest.approx(0.95)
    assert score(honest)["reliability"] == [
        {"images": 4, "mean_confidence": 0.75, "accuracy": 0.75}
    ]


def test_scores_are_told_by_site_by_length_and_by_writer() -> None:
    scores = score(
        [
            read("41", "41", site="ced", writer="a"),
            read("1724", "1", site="ibm", writer="b"),
            read("HAT MAN", "HAT MAN", site="ced", writer="a"),
        ]
    )

    assert scores["by_site"] == {"ced": 1.0, "ibm": 0.0}
    assert scores["by_length"] == {"1 to 3": 1.0, "4 to 6": 0.0, "7 to 9": 1.0}
    assert (scores["writers"]["count"], scores["writers"]["worst"]) == (2, 0.0)
    assert scores["writers"]["median"] == 0.5
