from __future__ import annotations

import numpy as np
import pytest

from model.line_training.fit import ACCEPTED, SURE_RIGHT, Proposed, confidences, fit_scoring
from model.writing.scores import Candidates


def proposed(
    count: int, *, seed: int = 0, strip: float = 1.0, path: float | None = 4.0
) -> list[Proposed]:
    """Return lines of four candidates; strip, path: by how much a network prefers the right one."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        texts = [f"{place}{'a' * place}" for place in range(4)]
        right = int(chance.integers(4))
        is_right = np.arange(4) == right

        def says(worth: float, is_right: np.ndarray = is_right) -> np.ndarray:
            return chance.normal(0, 1.5, 4) + worth * is_right

        no_writing = float(chance.normal(-8, 1)), None if path is None else -8.0
        candidates = Candidates(
            texts, says(strip), None if path is None else says(path), says(0.0), no_writing
        )
        found.append(Proposed(candidates, texts[right]))
    return found


def test_the_network_that_knows_better_counts_more() -> None:
    better_path = fit_scoring({"some": proposed(150, strip=0.5, path=5.0)})
    better_strip = fit_scoring({"some": proposed(150, strip=5.0, path=0.5)})

    assert better_path.path > 2 * better_path.strip
    assert better_strip.strip > 2 * better_strip.path


def test_without_strokes_no_path_counts() -> None:
    scoring = fit_scoring({"some": proposed(80, strip=4.0, path=None)})

    assert scoring.path == 0
    assert scoring.strip > 0


def test_confidence_is_what_it_comes_to() -> None:
    lines = proposed(400, strip=2.0, path=2.0)

    sure, right = confidences(lines, fit_scoring({"some": lines}))

    assert abs(sure.mean() - right.mean()) < 0.04
    halves = np.argsort(sure)
    for half in (halves[:200], halves[200:]):
        assert abs(sure[half].mean() - right[half].mean()) < 0.08


def test_those_that_are_sure_are_right_often_enough_in_every_group() -> None:
    groups = {"easy": proposed(200, path=6.0), "hard": proposed(200, seed=1, path=2.5)}

    scoring = fit_scoring(groups)

    for lines in groups.values():
        sure, right = confidences(lines, scoring)
        is_sure = sure >= scoring.sure_threshold
        assert right[is_sure].mean() >= SURE_RIGHT if is_sure.any() else True
    assert (confidences(groups["easy"], scoring)[0] >= scoring.sure_threshold).any()


def test_all_but_a_few_real_lines_are_accepted() -> None:
    lines = proposed(200)

    refusal = fit_scoring({"some": lines}).refusal

    accepted = np.mean([one.candidates.doubt() < refusal for one in lines])
    assert ACCEPTED <= accepted < 1


def test_a_line_whose_text_nobody_proposed_lowers_confidence() -> None:
    lines = proposed(150, path=4.0)
    lost = [Proposed(one.candidates, "never") for one in lines[:60]]

    with_lost, without = (fit_scoring({"some": some}) for some in ([*lost, *lines[60:]], lines))

    assert with_lost.temperature > without.temperature


def test_a_text_is_right_as_it_is_or_not_at_all() -> None:
    one = proposed(1)[0]
    scoring = fit_scoring({"some": proposed(40)})

    best = one.candidates.texts[int(one.candidates.shares(scoring).argmax())]

    assert confidences([Proposed(one.candidates, best)], scoring)[1].tolist() == [True]
    assert confidences([Proposed(one.candidates, best.upper())], scoring)[1].tolist() == [False]
    assert confidences([one], scoring)[0][0] == pytest.approx(one.candidates.shares(scoring).max())
