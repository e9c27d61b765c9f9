"""What is live is the last promotion, and nothing becomes live that the gate did not let pass."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from sqlalchemy import Engine, text

from feedback.candidates import (
    PromotionRefused,
    RowRefused,
    StalePromotion,
    StoreUnavailable,
    WeightsDamaged,
    WeightsUnknown,
    list_promotions,
    list_weights,
    live_version,
    promote,
    roll_back,
)
from feedback.records.locks import lock_promotions
from tests.feedback.sample_weights import SHIPPED, a_report, chain, damage, keep, make_live


def test_without_a_promotion_the_shipped_weights_are_live(engine: Engine):
    keep(engine)

    assert live_version(engine) is None


def test_what_was_promoted_last_is_live(engine: Engine):
    first, second = chain(engine, 2)

    assert live_version(engine) == second
    assert {row.version: row.is_live for row in list_weights(engine)} == {
        first: False,
        second: True,
    }


def test_a_promotion_is_written_down_with_name_reason_and_what_was_live(engine: Engine):
    (first,) = chain(engine, 1)
    second = keep(engine, parent=first)

    written = promote(engine, second, by=" Ada  L. ", why=" better on sevens ", expected_live=first)

    assert list_promotions(engine)[0] == written
    assert (written.version, written.kind, written.parent_live) == (second, "promoted", first)
    assert (written.by_name, written.why) == ("Ada L.", "better on sevens")


def test_the_history_is_newest_first(engine: Engine):
    first, second = chain(engine, 2)
    roll_back(engine, by="Ada", why="sevens")

    said = [(one.kind, one.version, one.parent_live) for one in list_promotions(engine)]

    assert said == [
        ("rolled back", first, second),
        ("promoted", second, first),
        ("promoted", first, None),
    ]


def test_what_became_live_meanwhile_is_not_promoted_over(engine: Engine):
    mine, anothers = keep(engine), keep(engine)
    make_live(engine, anothers)

    with pytest.raises(StalePromotion, match=f"weights {anothers} became live meanwhile"):
        make_live(engine, mine, expected_live=None)

    assert live_version(engine) == anothers


def test_of_two_who_promote_at_once_one_is_refused(engine: Engine):
    versions = [keep(engine) for _ in range(4)]
    outcomes: list[object] = []
    together = threading.Barrier(len(versions))

    def race(version: str) -> None:
        together.wait()
        try:
            outcomes.append(promote(engine, version, by="A", why="b", expected_live=None).version)
        except StalePromotion as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=race, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(StalePromotion) == 3
    assert live_version(engine) in outcomes
    assert len(list_promotions(engine)) == 1


@pytest.mark.parametrize("anyway", [False, True])
@pytest.mark.parametrize(
    ("report", "said"),
    [
        (None, "the gate has not judged .* run_model.py --mode finetune"),
        (a_report("worse"), "worse than what is live .digit 4 lost 2.1 points.: reject them"),
        ({"parent": SHIPPED}, "worse than what is live: reject them"),
        (a_report(parent=None), "out of date"),
    ],
)
def test_what_the_gate_did_not_let_pass_is_refused(
    engine: Engine, report: dict[str, Any] | None, said: str, anyway: bool
):
    version = keep(engine, report=report)

    with pytest.raises(PromotionRefused, match=said):
        make_live(engine, version, anyway=anyway)

    assert live_version(engine) is None


def test_what_is_no_worse_needs_the_operators_word(engine: Engine):
    version = keep(engine, report=a_report("no worse"))

    with pytest.raises(PromotionRefused, match="--anyway"):
        make_live(engine, version)
    assert live_version(engine) is None

    make_live(engine, version, anyway=True)
    assert live_version(engine) == version


def test_a_report_against_what_is_not_live_any_more_is_out_of_date(engine: Engine):
    late = keep(engine)
    (first,) = chain(engine, 1)

    with pytest.raises(PromotionRefused, match=f"out of date.*{SHIPPED}, and weights {first}"):
        make_live(engine, late)

    assert live_version(engine) == first


def test_a_report_against_what_was_rolled_back_is_out_of_date(engine: Engine):
    (first,) = chain(engine, 1)
    child = keep(engine, parent=first)
    roll_back(engine, by="Ada", why="sevens")

    with pytest.raises(PromotionRefused, match=r"out of date.*the shipped weights are live"):
        make_live(engine, child)


def test_a_report_against_an_older_releases_weights_is_out_of_date(engine: Engine):
    version = keep(engine)

    with pytest.raises(PromotionRefused, match="out of date"):
        make_live(engine, version, shipped="six-conv-99999999")
    make_live(engine, version, shipped=SHIPPED)

    assert live_version(engine) == version


def test_what_is_live_is_not_promoted_again(engine: Engine):
    (version,) = chain(engine, 1)

    with pytest.raises(PromotionRefused, match="live already"):
        make_live(engine, version)


def test_weights_that_the_store_does_not_hold_are_refused(engine: Engine):
    with pytest.raises(WeightsUnknown, match=r"feedback\.weights list"):
        make_live(engine, "six-conv-nowhere")


def test_damaged_weights_do_not_become_live(engine: Engine):
    version = keep(engine)
    damage(engine, version)

    with pytest.raises(WeightsDamaged, match="restore the store from a backup"):
        make_live(engine, version)

    assert live_version(engine) is None


@pytest.mark.parametrize(
    "words", [{"by": " "}, {"by": "n" * 81}, {"why": "\n"}, {"why": "w" * 1001}]
)
def test_who_promotes_says_their_name_and_why(engine: Engine, words: dict[str, str]):
    version = keep(engine)

    with pytest.raises(RowRefused, match=r"^say "):
        make_live(engine, version, **words)

    assert live_version(engine) is None


@pytest.mark.parametrize("does", [promote, roll_back])
def test_a_database_taken_away_in_the_middle_leaves_the_old_weights_live(
    postgres_engine: Engine, does: Any
):
    (first,) = chain(postgres_engine, 1)
    second = keep(postgres_engine, parent=first)
    what = {"version": second, "expected_live": first} if does is promote else {}
    said: list[str] = []

    def decide() -> None:
        with pytest.raises(StoreUnavailable) as raised:
            does(postgres_engine, by="Ada", why="a test", **what)
        said.append(str(raised.value))

    with postgres_engine.connect() as holder:  # the decision waits for its turn, and dies there
        lock_promotions(holder)
        thread = threading.Thread(target=decide)
        thread.start()
        waiting = "FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        for _ in range(200):
            if holder.scalar(text(f"SELECT count(*) {waiting}")):
                break
            time.sleep(0.02)
        ended = holder.execute(text(f"SELECT pg_terminate_backend(pid) {waiting}")).all()
        thread.join(10)

    assert len(ended) == 1
    assert len(said) == 1
    assert "PostgreSQL" in said[0]
    assert live_version(postgres_engine) == first
    assert len(list_promotions(postgres_engine)) == 1
