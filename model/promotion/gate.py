"""The gate: candidate and current weights read the same, and every limit is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from model.believing.believe import Belief, Believed
from model.believing.statements import stacked
from model.promotion.comparison import (
    SIGNIFICANT,
    Reading,
    compare_digits,
    compare_live,
    compare_strangers,
    read,
)
from model.promotion.gate_report import BETTER, NO_WORSE, WORSE, LiveTest, Report, Row
from model.promotion.yardsticks import Yardsticks, gather
from model.reading.recogniser import Recogniser


def gate(parent: Recogniser, candidate: Recogniser, believed: Believed, data_dir: Path) -> Report:
    """Return whether a candidate may become live in place of what is live.

    parent: what is live. believed: its live test is read, and its counts are kept in the report.
    Reads MNIST's validation part and the validation sites of `data_dir`, never a test set: some ten
    thousand images with both. Raises DatasetError.
    """
    return judge(parent, candidate, believed, gather(parent.card, data_dir))


def judge(
    parent: Recogniser, candidate: Recogniser, believed: Believed, yardsticks: Yardsticks
) -> Report:
    """Return the same with yardsticks that are at hand."""
    tested = believed.live_test
    live, rows = compare_live(tested, *(_read_live(each, tested) for each in (parent, candidate)))
    digits, strangers = yardsticks.digits, yardsticks.strangers
    was, now = (
        {name: read(each, part.inks) for name, part in digits.items()}
        for each in (parent, candidate)
    )
    rows += compare_digits(digits, was, now)
    was, now = (
        {name: read(each, inks) for name, inks in strangers.items()} for each in (parent, candidate)
    )
    rows += compare_strangers(was, now)
    verdict, reasons = decide(rows, live)
    return Report(
        candidate=candidate.card.version,
        parent=parent.card.version,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        verdict=verdict,
        reasons=reasons,
        rows=tuple(rows),
        live_test=live,
        believed=believed.counts(),
    )


def decide(rows: Sequence[Row], live: LiveTest) -> tuple[str, tuple[str, ...]]:
    """Return the verdict and what it rests on, a sentence each."""
    broken = tuple(
        f"{row.name}: {was} before, {now} now, {change}; asked is {limit}"
        for row in rows
        if not row.passed
        for was, now, change, limit, _ in [row.cells()]
    )
    if broken:
        return WORSE, broken
    if not live.digits:
        return NO_WORSE, ("there is no live test yet: nothing shows that it is better",)
    gained, lost = len(live.newly_right), len(live.newly_misread)
    change = f"{gained:,} drawings of the live test newly right, {lost:,} newly misread"
    if gained > lost and live.p < SIGNIFICANT:
        return BETTER, (f"{change}: p = {live.p:.3g}",)
    return NO_WORSE, (f"{change}: that might be chance (p = {live.p:.3g})",)


def _read_live(recogniser: Recogniser, tested: Sequence[Belief]) -> Reading:
    return read(recogniser, stacked([belief.answered for belief in tested]))
