"""Whether drawings are still what weights were made for, asked of the drawings alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.errors import BadWeights
from model.reading.drift import FEWEST_VISITORS, Window, compare, freeze
from model.reading.frozen import reference_beside, reference_from, write_reference
from model.weight_files.pair import read_to_predict
from model.weight_files.places import DEFAULT_WEIGHTS

SURE_FROM = 0.8


def a_window(
    number: int = 1000, *, visitors: int = 100, taken: float = 0.98, seed: int = 0
) -> Window:
    """Return drawings of which so many are taken for a digit, most of them with confidence."""
    chance = np.random.default_rng(seed)
    return Window(
        visitors=chance.integers(0, visitors, number),
        taken=chance.random(number) < taken,
        confidence=np.clip(1 - chance.exponential(0.03, number), 0, 1),
        digits=chance.integers(0, 10, number),
    )


REFERENCE = freeze("six-conv-00000000", "made up", SURE_FROM, a_window(3000, seed=9))


def test_drawings_like_those_of_the_reference_have_not_moved():
    drift = compare(a_window(seed=1), REFERENCE)

    assert [aspect.has_moved for aspect in drift.aspects] == [False] * 4


def test_a_share_that_falls_is_seen():
    drift = compare(a_window(seed=1, taken=0.41), REFERENCE)

    assert drift.taken.has_moved
    assert drift.taken.now[0] == pytest.approx(0.41, abs=0.05)
    assert drift.taken.distance == pytest.approx(drift.taken.was[0] - drift.taken.now[0])


def test_a_mix_of_one_digit_alone_is_as_far_as_it_can_be():
    window = replace(a_window(), digits=np.full(1000, 7))

    drift = compare(window, REFERENCE)

    assert drift.digits.has_moved
    assert drift.digits.distance == pytest.approx(0.9, abs=0.02)
    assert not drift.taken.has_moved


def test_ten_drawings_of_one_hand_are_not_ten_witnesses():
    alone = a_window(1000, visitors=1000)
    crowd = replace(alone, visitors=np.arange(1000) // 40)
    # Each visitor's drawings are all taken or all refused.
    crowd = replace(crowd, taken=np.repeat(np.arange(25) % 5 > 0, 40))
    apart = replace(crowd, visitors=np.arange(1000))

    together, single = (compare(window, REFERENCE).taken for window in (crowd, apart))

    assert together.high[0] - together.low[0] > 2 * (single.high[0] - single.low[0])


def test_below_twenty_visitors_drawings_are_drawn_by_lot():
    drift = compare(a_window(visitors=FEWEST_VISITORS - 1), REFERENCE)

    assert not drift.by_visitor
    assert drift.taken.low[0] < drift.taken.now[0] < drift.taken.high[0]


def test_an_interval_is_never_narrower_than_the_exact_one():
    window = replace(a_window(300), taken=np.ones(300, bool))

    taken = compare(window, REFERENCE).taken

    assert taken.now[0] == taken.high[0] == 1
    assert taken.low[0] == pytest.approx(0.9878, abs=1e-4)  # Clopper and Pearson of 300 of 300


def test_the_same_drawings_give_the_same_comparison():
    assert compare(a_window(), REFERENCE) == compare(a_window(), REFERENCE)


def test_drawings_that_are_all_refused_can_be_compared():
    window = replace(a_window(), taken=np.zeros(1000, bool))

    drift = compare(window, REFERENCE)

    assert drift.taken.has_moved
    assert drift.confidence.of == 0


def test_a_reference_is_written_beside_its_weights_and_read_back(tmp_path: Path):
    weights = tmp_path / "six-conv.safetensors"

    path = write_reference(weights, REFERENCE)

    assert path == tmp_path / "six-conv.reference.json"
    assert reference_beside(weights) == REFERENCE
    assert reference_beside(tmp_path / "six-conv.onnx") == REFERENCE


def test_a_damaged_reference_is_as_good_as_none(tmp_path: Path):
    path = write_reference(tmp_path / "a.onnx", REFERENCE)
    path.write_text(path.read_text()[:-20])

    assert reference_beside(tmp_path / "a.onnx") is None
    assert reference_beside(tmp_path / "of-nothing.onnx") is None


@pytest.mark.parametrize("change", [{"taken": 1}, {"digits": [1]}, {"confidence": None}])
def test_a_reference_that_contradicts_itself_is_refused(change: dict[str, object]):
    with pytest.raises(BadWeights):
        reference_from(json.dumps(REFERENCE.to_json() | change))


def test_the_shipped_weights_come_with_their_reference():
    reference = reference_beside(DEFAULT_WEIGHTS)
    _, card = read_to_predict(DEFAULT_WEIGHTS)

    assert reference is not None
    assert (reference.version, reference.sure_from) == (card.version, card.sure_threshold)
