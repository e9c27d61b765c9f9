from __future__ import annotations

from dataclasses import replace

from model.promotion.gate import decide
from model.promotion.gate_report import BETTER, NO_WORSE, SHARE, WORSE, Row
from tests.model.promotion.judged import A_LIVE_TEST

PASSES = Row(name="pen, read right", unit=SHARE, images=10, was=0.9, now=0.9, limit=-0.1)
BREAKS = replace(PASSES, now=0.8)


def test_better_is_shown_by_the_live_test_with_every_limit_kept() -> None:
    verdict, reasons = decide([PASSES], A_LIVE_TEST)

    assert verdict == BETTER
    assert "6 drawings of the live test newly right, 0 newly misread" in reasons[0]


def test_what_might_be_chance_is_no_worse() -> None:
    chance = replace(A_LIVE_TEST, newly_misread=("g",), p=0.125)

    assert decide([PASSES], chance)[0] == NO_WORSE


def test_a_change_for_the_worse_is_never_better_however_unlikely() -> None:
    worse = replace(A_LIVE_TEST, newly_right=(), newly_misread=A_LIVE_TEST.newly_right)

    assert decide([PASSES], worse)[0] == NO_WORSE  # its row breaks its limit elsewhere


def test_one_broken_limit_makes_it_worse_whatever_the_live_test_says() -> None:
    verdict, reasons = decide([PASSES, BREAKS], A_LIVE_TEST)

    assert verdict == WORSE
    assert reasons == (
        "pen, read right: 90.00% before, 80.00% now, -10.00; asked is -0.10 or better",
    )


def test_without_a_live_test_nothing_is_shown_to_be_better() -> None:
    verdict, reasons = decide([PASSES], replace(A_LIVE_TEST, digits=0, newly_right=(), p=1))

    assert verdict == NO_WORSE
    assert "no live test yet" in reasons[0]
