from __future__ import annotations

import inspect

import numpy as np
import pytest

from model.errors import NoInk
from model.evaluation import out_of_distribution
from model.evaluation.out_of_distribution import KINDS, SCRIBBLES, stranger
from model.ink.preprocess import prepare
from model.synthesis import outlier_exposure


@pytest.mark.parametrize("kind", KINDS)
def test_chance_decides_a_stranger(kind: str) -> None:
    once, again, other = (stranger(kind, np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert once.dtype == np.uint8
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize("scribble", SCRIBBLES)
def test_every_scribble_is_a_line_that_can_be_drawn(scribble) -> None:  # type: ignore[no-untyped-def]
    for seed in range(20):
        points = np.concatenate(scribble(np.random.default_rng(seed)))

        assert points.ndim == 2
        assert points.shape[1] == 2
        assert np.isfinite(points).all()
        assert np.ptp(points, axis=0).max() > 0


def test_blank_sheets_and_single_dots_have_no_ink() -> None:
    for seed in range(30):
        with pytest.raises(NoInk):
            prepare(stranger("dot", np.random.default_rng(seed)))


def test_what_is_measured_is_made_by_nothing_that_is_trained_on() -> None:
    measured = {name for name, _ in inspect.getmembers(out_of_distribution, inspect.isfunction)}
    learnt = {name for name, _ in inspect.getmembers(outlier_exposure, inspect.isfunction)}

    assert measured & learnt == set()
