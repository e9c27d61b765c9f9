"""Versions of weights and their history in lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from feedback.learning.versions import Promotion, WeightsRow

SHIPPED = "the shipped weights"
COLUMNS = ("", "version", "made (UTC)", "gate", "learnt from", "rejected")
REPORT_COLUMNS = ("", "was", "is", "change", "limit", "passed")


def table(rows: Sequence[WeightsRow]) -> Iterator[str]:
    """Yield a line for each version, with a star before the live one."""
    cells = [COLUMNS] + [
        (
            "*" if row.is_live else "",
            row.version,
            f"{row.made_at:%Y-%m-%d %H:%M}",
            row.verdict or "not judged",
            learnt(row),
            "" if row.rejected_at is None else f"by {row.rejected_by}: {row.rejected_why}",
        )
        for row in rows
    ]
    yield from _aligned(cells)


def learnt(row: WeightsRow) -> str:
    """Return from how many drawings a version learnt, and how many of those are deleted."""
    number = "1 drawing" if row.learnt_from == 1 else f"{row.learnt_from:,} drawings"
    return number + (f", {row.forgotten:,} deleted since" if row.forgotten else "")


def details(row: WeightsRow) -> Iterator[str]:
    """Yield what is known of a version, the gate's report included."""
    state = "live" if row.is_live else "not live"
    if row.rejected_at is not None:
        state += f", rejected {row.rejected_at:%Y-%m-%d %H:%M} UTC by {row.rejected_by}: "
        state += str(row.rejected_why)
    known = {
        "version": row.version,
        "state": state,
        "made": f"{row.made_at:%Y-%m-%d %H:%M} UTC, from {row.made_from}",
        "parent": row.parent or "not known",
        "learnt from": learnt(row),
        # A frozen reference for Statistics is among them, and no figure to read.
        **{
            f"metric {name}": _shown(value)
            for name, value in row.metrics.items()
            if not isinstance(value, (dict, list))
        },
        "tensors": f"SHA-256 {row.tensors_sha256}",
        "graph": f"SHA-256 {row.graph_sha256}",
    }
    width = max(map(len, known)) + 2
    yield from (f"{name:{width}}{value}" for name, value in known.items())
    yield ""
    yield from _report(row)


def history(made: Sequence[Promotion]) -> Iterator[str]:
    """Yield a line for each change of what is live."""
    for one in made:
        yield (
            f"{one.at:%Y-%m-%d %H:%M} UTC  {one.kind} to {named(one.version)} from "
            f"{named(one.parent_live)}, by {one.by_name}: {one.why}"
        )


def named(version: str | None) -> str:
    """Return a version's name, or the words for the shipped weights."""
    return version or SHIPPED


def _report(row: WeightsRow) -> Iterator[str]:
    if row.report is None:
        yield "the gate has not judged them"
        return
    yield f"the gate: {row.verdict}, against {row.report.get('parent')}"
    yield from (f"  {reason}" for reason in row.report.get("reasons") or ())
    live = row.report.get("live_test")
    if isinstance(live, dict):
        yield (
            f"live test: {live.get('was_right')} of {live.get('digits')} drawings right before, "
            f"{live.get('is_right')} now (p = {_shown(live.get('p'))})"
        )
    lines = [line for line in row.report.get("rows") or () if isinstance(line, dict)]
    if lines:
        yield from _aligned([REPORT_COLUMNS, *map(_asked, lines)])


def _asked(line: dict[str, Any]) -> Sequence[str]:
    """Return what was asked of both weights as the gate itself prints it; a share in points."""
    is_share, limit = line.get("unit") == "share", line.get("limit")
    level, change = (".2%", "+.2f") if is_share else (".4f", "+.4f")
    return (
        str(line.get("name", "")),
        _shown(line.get("was"), level),
        _shown(line.get("is"), level),
        _shown(line.get("difference"), change),
        "" if limit is None else f"{_shown(limit, change)} or better",
        "not asked" if limit is None else "yes" if line.get("passed") else "NO",
    )


def _shown(value: Any, how: str = ".4g") -> str:
    if isinstance(value, float):
        return format(value or 0.0, how)  # no minus before a zero
    return "" if value is None else str(value)


def _aligned(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        yield "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
