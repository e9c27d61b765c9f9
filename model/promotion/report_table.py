"""A gate's report as a table for people, on the terminal and in a log."""

from __future__ import annotations

from model.promotion.gate_report import BETTER, NO_WORSE, Report

NAME, COLUMN = 36, 10  # characters
VERDICTS = {
    BETTER: "better: it may be promoted",
    NO_WORSE: "no worse, and not shown to be better: it may be promoted with the operator's word",
}


def format_gate(report: Report) -> str:
    """Return the report as text: verdict, live test, and every row with its limit."""
    live = report.live_test
    changed = f"{len(live.newly_right):,} newly right, {len(live.newly_misread):,} newly misread"
    head = "was", "is", "change", "limit", "", "passed"
    lines = [
        f"{report.candidate} against {report.parent}",
        f"live test: {live.digits:,} drawings of digits and {live.not_digits:,} of none by "
        f"{live.visitors:,} visitors; {live.was_right:,} right before, {live.is_right:,} now: "
        f"{changed} (p = {live.p:.3g})",
        "",
        f"{'':<{NAME}}" + "".join(f"{word:>{COLUMN}}" for word in head),
    ]
    for row in report.rows:
        was, now, difference, limit, passed = row.cells()
        lines.append(
            f"{row.name:<{NAME}}{was:>{COLUMN}}{now:>{COLUMN}}{difference:>{COLUMN}}"
            f"{limit:>{2 * COLUMN}}{passed:>{COLUMN}}"
        )
    lines += ["", VERDICTS.get(report.verdict, "worse: it should not be promoted")]
    return "\n".join([*lines, *(f"  {reason}" for reason in report.reasons)])
