"""Going back leads to what was live before, and what is rejected never becomes live."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from feedback.candidates import (
    NothingToRollBackTo,
    PromotionRefused,
    RowRefused,
    keep_report,
    live_version,
    reject,
    roll_back,
    show_weights,
)
from tests.feedback.sample_weights import a_report, chain, damage, keep, make_live


def test_going_back_leads_step_by_step_to_the_shipped_weights(engine: Engine):
    first, second, _ = chain(engine, 3)

    steps = [roll_back(engine, by="Ada", why="sevens").version for _ in range(3)]

    assert steps == [second, first, None]
    with pytest.raises(NothingToRollBackTo, match="shipped weights are live"):
        roll_back(engine, by="Ada", why="sevens")


def test_going_back_leads_on_where_a_version_was_promoted_twice(engine: Engine):
    (first,) = chain(engine, 1)
    second = keep(engine, parent=first)
    make_live(engine, second)
    keep_report(engine, first, a_report(parent=second))  # judged anew
    make_live(engine, first)

    steps = [roll_back(engine, by="Ada", why="sevens").version for _ in range(3)]

    assert steps == [second, first, None]


def test_after_a_roll_back_the_next_promotion_is_rolled_back_to_the_same(engine: Engine):
    first, _ = chain(engine, 2)
    roll_back(engine, by="Ada", why="sevens")
    make_live(engine, keep(engine, parent=first))

    assert roll_back(engine, by="Ada", why="again").version == first


def test_going_back_passes_over_what_was_rejected(engine: Engine):
    first, second, third = chain(engine, 3)
    reject(engine, second, by="Ada", why="sevens")

    written = roll_back(engine, by="Ada", why="fours")

    assert (written.version, written.parent_live) == (first, third)
    assert roll_back(engine, by="Ada", why="fours").version is None


def test_going_back_passes_over_what_is_damaged(engine: Engine):
    first, _ = chain(engine, 2)
    damage(engine, first)

    assert roll_back(engine, by="Ada", why="fours").version is None
    assert live_version(engine) is None


def test_rejected_weights_stay_with_name_and_reason_and_never_become_live(engine: Engine):
    version = keep(engine)

    reject(engine, version, by="Ada", why="sevens got worse")

    row = show_weights(engine, version)
    assert (row.rejected_by, row.rejected_why) == ("Ada", "sevens got worse")
    assert row.rejected_at is not None
    with pytest.raises(PromotionRefused, match=r"rejected by Ada \(sevens got worse\): train"):
        make_live(engine, version, anyway=True)


def test_what_is_live_is_not_rejected(engine: Engine):
    (version,) = chain(engine, 1)

    with pytest.raises(PromotionRefused, match="roll back first"):
        reject(engine, version, by="Ada", why="sevens")

    assert show_weights(engine, version).rejected_at is None


def test_weights_are_rejected_once(engine: Engine):
    version = keep(engine)
    reject(engine, version, by="Ada", why="sevens")

    with pytest.raises(RowRefused, match="rejected already, by Ada"):
        reject(engine, version, by="Bob", why="fours")

    assert show_weights(engine, version).rejected_by == "Ada"
