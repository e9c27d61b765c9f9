from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.language.prior import KINDS, Prior
from model.writing.paths import log_probabilities
from model.writing.scores import Candidates, log_shares, propose
from tests.model.writing.test_placed_characters import SCORING

CLASSES = "", "7", "a", "n", " ", "?"
PRIOR = Prior({"an": 10, "a": 10})


def rows(*labels: int, clear: float = 0.95) -> NDArray[np.float64]:
    shares = np.full((len(labels), len(CLASSES)), (1 - clear) / (len(CLASSES) - 1))
    shares[np.arange(len(labels)), labels] = clear
    return np.log(shares)


def test_shares_of_each_row_add_up_to_one_and_what_is_not_allowed_gets_none() -> None:
    logits = np.random.default_rng(0).normal(size=(4, 6))
    allowed = np.array([True, True, False, False, False, True])

    assert np.exp(log_shares(logits)).sum(axis=1) == pytest.approx(1)
    shares = np.exp(log_shares(logits, allowed))
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[:, ~allowed].max() < 1e-20


def test_both_networks_propose_and_both_judge() -> None:
    seen, followed = rows(2, 0, 3), rows(2, 0, 2)

    found = propose(seen, followed, CLASSES, PRIOR, SCORING)

    assert {"an", "aa"} <= set(found.texts)
    place, spelt = found.texts.index("an"), [[2, 3]]
    assert found.path is not None
    assert found.strip[place] == pytest.approx(log_probabilities(seen, spelt)[0])
    assert found.path[place] == pytest.approx(log_probabilities(followed, spelt)[0])
    assert found.prior[place] == pytest.approx(PRIOR.log_probability("an"))


def test_without_strokes_the_strip_alone_speaks() -> None:
    found = propose(rows(2, 0, 3), None, CLASSES, PRIOR, SCORING)

    assert found.path is None
    assert found.texts[int(found.shares(SCORING).argmax())] == "an"


def test_shares_of_the_candidates_add_up_to_one() -> None:
    found = propose(rows(2, 0, 3, clear=0.6), rows(2, 2, 3, clear=0.5), CLASSES, PRIOR, SCORING)

    assert len(found.texts) > 2
    assert found.shares(SCORING).sum() == pytest.approx(1)


def test_blank_rows_have_one_candidate_of_one_character() -> None:
    blank = rows(0, 0, 0, clear=0.9999)

    found = propose(blank, blank, CLASSES, PRIOR, SCORING)

    assert len(found.texts) == 1
    assert found.texts[0] in ("7", "a", "n")


def test_numbers_have_no_other_candidates() -> None:
    numbers = Prior({"a": 10}, {kind: float(kind == "number") for kind in KINDS})
    allowed = np.array([True, True, False, False, False, True])
    seen = log_shares(rows(2, 0, 1), allowed)

    assert set(propose(seen, None, CLASSES, numbers, SCORING).texts) <= {"7", "77"}


def test_doubt_is_how_much_likelier_no_writing_is() -> None:
    writing = propose(rows(2, 0, 3), rows(2, 0, 3), CLASSES, PRIOR, SCORING)
    nothing = propose(rows(0, 5, 0), rows(0, 5, 0), CLASSES, PRIOR, SCORING)

    assert writing.doubt() < -2
    assert nothing.doubt() > 2


def test_doubt_is_the_mean_of_both_networks() -> None:
    found = Candidates(["a"], np.array([-1.0]), np.array([-3.0]), np.array([0.0]), (-4.0, -2.0))

    assert found.doubt() == pytest.approx((-3.0 + 1.0) / 2)
