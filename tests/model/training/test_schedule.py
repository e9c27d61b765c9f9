from __future__ import annotations

from itertools import pairwise

import pytest

from model.training.schedule import WARM_UP, learning_rate_at


def test_the_rate_rises_to_its_highest_and_falls_to_nothing() -> None:
    assert learning_rate_at(0, 1) == pytest.approx(0.04)
    assert learning_rate_at(WARM_UP, 1) == pytest.approx(1)
    assert learning_rate_at(1, 1) == pytest.approx(0)


def test_the_rate_has_one_summit_and_no_jump() -> None:
    rates = [learning_rate_at(step / 1000, 3e-3) for step in range(1001)]

    rises = [later > earlier for earlier, later in pairwise(rates)]
    assert rises == sorted(rises, reverse=True)
    assert max(abs(later - earlier) for earlier, later in pairwise(rates)) < 3e-5
