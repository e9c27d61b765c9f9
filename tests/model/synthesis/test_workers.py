from __future__ import annotations

import pytest

from model.synthesis.workers import FEW, spread


def double(number: int) -> int:
    if number < 0:
        raise ValueError("below nothing")
    return 2 * number


@pytest.mark.parametrize("count", [0, 7, FEW + 3])
def test_every_item_is_worked_on_in_order(count: int) -> None:
    assert list(spread(double, range(count), "doubling")) == [2 * n for n in range(count)]


def test_what_goes_wrong_is_not_kept_secret() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        list(spread(double, [1, -1], "doubling"))
