"""What the gate's reports say of single drawings, which goes with the drawings.

A report names the drawings of its live test that are read otherwise, with what their authors
answered; its counts stay.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, cast, null, or_, select, update

from feedback.records.schema import weights

FEW = 20  # names that a statement looks for; with more of them every report is read
LISTS = ("newly_right", "newly_misread")


def forget_in_reports(connection: Connection, drawing_ids: Collection[UUID]) -> None:
    """Take drawings out of all reports, within the caller's transaction."""
    if not drawing_ids:
        return
    names = {str(one) for one in drawing_ids}
    query: Any = select(weights.c.version, weights.c.report).where(weights.c.report.is_not(null()))
    if len(names) <= FEW:
        words = cast(weights.c.report, Text)
        query = query.where(or_(*(words.contains(name) for name in names)))
    if connection.dialect.name == "postgresql":
        query = query.order_by(weights.c.version).with_for_update()
    for version, report in connection.execute(query).all():
        left = without(report, names)
        if left != report:
            changed = update(weights).where(weights.c.version == version)
            connection.execute(changed.values(report=left))


def without(report: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return a report that says nothing of drawings with these ids."""
    live = report.get("live_test")
    if not isinstance(live, dict):
        return report
    kept = dict(live)
    for name in LISTS:
        if isinstance(live.get(name), list):
            kept[name] = [one for one in live[name] if one not in names]
    if isinstance(live.get("readings"), dict):
        kept["readings"] = {k: v for k, v in live["readings"].items() if k not in names}
    return report | {"live_test": kept}
