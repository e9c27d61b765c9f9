from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.evaluation.breakdown import FEWEST_DIGITS, by_group, describe_drawn, read_drawn
from model.networks.registry import SIX_CONVOLUTIONS
from model.pen.drawings import PenDrawing
from model.reading.recogniser import Recogniser
from model.synthesis.canvas_images import Drawn, draw_all
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from tests.model.networks import cards
from tests.model.weight_files.pairs import graph_of

ONE = [[[120, 125], [0, 255]]]
DOT = [[[5], [5]]]
CARD = replace(cards.CARD, sure_threshold=0.0)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(graph_of(BASELINE_WEIGHTS), CARD)


def drawn(*drawings: tuple[str, str, str, list]) -> Drawn:  # type: ignore[type-arg]
    return draw_all(
        [
            PenDrawing(label=label, source=site, writer=writer, strokes=strokes)
            for label, site, writer, strokes in drawings
        ]
    )


def test_groups_are_counted_apart() -> None:
    right = np.array([True, False, True, True])

    assert by_group(right, np.array(["b", "a", "b", "a"])) == {
        "a": {"images": 2, "correct": 1, "accuracy": 0.5},
        "b": {"images": 2, "correct": 2, "accuracy": 1.0},
    }


def test_fragments_can_be_left_out(recogniser: Recogniser) -> None:
    digits = drawn(("1", "ced", "w", ONE), ("4", "ibm", "w", ONE), ("1", "ibm", "w", ONE))

    complete = digits.take(digits.complete)

    assert digits.complete.tolist() == [True, False, True]
    assert complete.labels.tolist() == ["1", "1"]
    assert np.array_equal(complete.inks, digits.inks[[0, 2]])
    assert describe_drawn(recogniser, complete)["images"] == 2
    nothing = digits.take(np.zeros(3, bool))
    assert describe_drawn(recogniser, nothing)["accuracy"] == 0


def test_every_group_adds_up_to_all(recogniser: Recogniser) -> None:
    digits = drawn(*[(str(n % 10), "ibm" if n % 3 else "ced", str(n % 4), ONE) for n in range(60)])

    scores = describe_drawn(recogniser, digits)

    _, right = read_drawn(recogniser, digits)
    assert scores["images"] == 60
    assert scores["correct"] == right.sum()
    for key in ("sites", "classes", "pen_widths"):
        assert sum(row["images"] for row in scores[key].values()) == 60
        assert sum(row["correct"] for row in scores[key].values()) == scores["correct"]
    assert list(scores["sites"]) == ["ced", "ibm"]
    assert list(scores["pen_widths"]) == [
        *("10 to 13.5 px", "13.5 to 17 px", "17 to 20.5 px", "20.5 to 24 px")
    ]


def test_a_drawing_that_is_refused_counts_as_wrong_and_not_as_sure(recogniser: Recogniser) -> None:
    read = int(recogniser.probabilities(drawn(("1", "ibm", "w", ONE)).inks).argmax())

    scores = describe_drawn(
        recogniser, drawn((str(read), "ibm", "w", ONE), (str(read), "ibm", "w", DOT))
    )

    assert (scores["images"], scores["correct"], scores["accuracy"]) == (2, 1, 0.5)
    assert scores["not_read"] == 1
    assert scores["sure"]["images"] == 1
    assert scores["sure"]["share"] == 0.5
    assert scores["accepted_share"] == 0.5


def test_only_refused_drawings_are_a_score_too(recogniser: Recogniser) -> None:
    scores = describe_drawn(recogniser, drawn(("7", "ibm", "w", DOT)))

    assert (scores["images"], scores["accuracy"], scores["not_read"]) == (1, 0, 1)


def test_what_is_taken_for_no_digit_is_not_kept() -> None:
    card = replace(CARD, architecture=SIX_CONVOLUTIONS, digit_threshold=1e9)

    scores = describe_drawn(
        Recogniser(graph_of(DEFAULT_WEIGHTS), card), drawn(("1", "ibm", "w", ONE))
    )

    assert scores["accepted_share"] == 0
    assert scores["sure"]["images"] == 0


def test_writers_with_few_digits_are_left_out(recogniser: Recogniser) -> None:
    many = [(str(n % 10), "ibm", "many", ONE) for n in range(FEWEST_DIGITS)]

    writers = describe_drawn(recogniser, drawn(*many, ("1", "ibm", "few", ONE)))["writers"]

    assert writers["writers"] == 1
    assert writers["worst"] == writers["median"] == writers["tenth_percentile"] == 0.1
    assert describe_drawn(recogniser, drawn(("1", "ibm", "few", ONE)))["writers"]["worst"] is None
