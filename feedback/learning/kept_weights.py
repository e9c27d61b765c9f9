"""Keeping versions of weights, and reading them back as they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from feedback.connection.engine import transaction
from feedback.errors import RowRefused, WeightsDamaged, WeightsUnknown
from feedback.learning.live_weights import live_in
from feedback.learning.versions import MOST_BYTES, StoredWeights, WeightsRow
from feedback.records.schema import drawings, weights, weights_drawings

LIMIT_S = 60.0  # 25 MB on a slow line
AT_ONCE = 1000  # ids in one statement
_DESCRIBED = [c for c in weights.c if c.name not in ("tensors", "graph")]
# What the store still holds of what a version learnt from.
_REMAINING = (
    select(func.count())
    .where(weights_drawings.c.version == weights.c.version)
    .scalar_subquery()
    .label("remaining")
)


def keep_weights(engine: Engine, stored: StoredWeights, drawing_ids: Collection[UUID]) -> None:
    """Keep a version of weights and which drawings it learnt from, in one transaction.

    Drawings that were deleted meanwhile count as forgotten at once. Raises `RowRefused` for a
    version that is kept already, for more than 25 MB, and for what is no JSON; `StoreUnavailable`
    when nothing was kept.
    """
    size = len(stored.tensors) + len(stored.graph)
    if size > MOST_BYTES:
        raise RowRefused(
            f"the two files of {stored.version} have {size / 1e6:,.1f} MB, and the store takes "
            f"{MOST_BYTES / 1e6:.0f} MB at most: train a smaller network"
        )
    ids = sorted(set(drawing_ids))
    row = {
        "version": stored.version,
        "reader": stored.reader,
        "tensors_sha256": _digest(stored.tensors),
        "graph_sha256": _digest(stored.graph),
        "card": _plain(stored.card, "card"),
        "parent": stored.parent,
        "metrics": _plain(stored.metrics, "metrics"),
        "report": None if stored.report is None else _plain(stored.report, "report"),
        "made_at": stored.made_at,
        "made_from": stored.made_from,
        "learnt_from": len(ids),
        "tensors": stored.tensors,
        "graph": stored.graph,
    }
    with transaction(engine, writes=True, limit_s=LIMIT_S) as connection:
        if connection.scalar(select(weights.c.version).where(weights.c.version == stored.version)):
            raise RowRefused(
                f"weights {stored.version} are in the store already: they stay as they are"
            )
        connection.execute(insert(weights).values(row))
        for start in range(0, len(ids), AT_ONCE):
            # Only what is still there; and that cannot be deleted from here until the end.
            there = select(drawings.c.id).where(drawings.c.id.in_(ids[start : start + AT_ONCE]))
            if connection.dialect.name == "postgresql":
                there = there.with_for_update(read=True, key_share=True)
            found = list(connection.scalars(there))
            if found:
                links = [{"version": stored.version, "drawing_id": one} for one in found]
                connection.execute(insert(weights_drawings), links)


def keep_report(engine: Engine, version: str, report: dict[str, Any]) -> None:
    """Keep what the gate found of a version, in place of an earlier report.

    report: a JSON object with at least `verdict` and `parent` (see `WeightsRow`). Raises
    `WeightsUnknown`, `RowRefused` for what is no JSON, `StoreUnavailable`.
    """
    changed = update(weights).where(weights.c.version == version)
    with transaction(engine, writes=True, limit_s=LIMIT_S) as connection:
        done = connection.execute(changed.values(report=_plain(report, "report")))
        if done.rowcount == 0:
            raise unknown(version)


def list_weights(engine: Engine, reader: str = "digits") -> list[WeightsRow]:
    """Return what is known of every version that the store holds, newest first."""
    query: Any = select(*_DESCRIBED, _REMAINING).where(weights.c.reader == reader)
    with transaction(engine) as connection:
        live = live_in(connection, reader)
        rows = connection.execute(query.order_by(weights.c.made_at.desc(), weights.c.version))
        return [_described(row, live) for row in rows]


def show_weights(engine: Engine, version: str) -> WeightsRow:
    """Return what is known of one version; raise `WeightsUnknown` where the store has none."""
    query: Any = select(*_DESCRIBED, _REMAINING).where(weights.c.version == version)
    with transaction(engine) as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise unknown(version)
        return _described(row, live_in(connection, row.reader))


def load_stored_weights(engine: Engine, version: str) -> StoredWeights:
    """Return a version with both its files, checked against their digests.

    Raises `WeightsUnknown`, `WeightsDamaged` where a byte is another than when they were kept,
    `StoreUnavailable`.
    """
    query = select(*weights.c, _REMAINING).where(weights.c.version == version)
    with transaction(engine, limit_s=LIMIT_S) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise unknown(version)
    values = dict(row._mapping)
    digests = values.pop("tensors_sha256"), values.pop("graph_sha256")
    if digests != (_digest(row.tensors), _digest(row.graph)):
        raise WeightsDamaged(
            f"the store's copy of weights {version} is damaged (its digest is another): restore "
            "the store from a backup, or train a new candidate"
        )
    return StoredWeights(**_counted(values))


def are_whole(connection: Connection, version: str) -> bool:
    """Return whether the bytes of a version are those that were kept."""
    query = select(weights.c.tensors, weights.c.graph, *_DESCRIBED[2:4])
    row = connection.execute(query.where(weights.c.version == version)).one()
    return (row.tensors_sha256, row.graph_sha256) == (_digest(row.tensors), _digest(row.graph))


def unknown(version: str) -> WeightsUnknown:
    """Return the error of a version that the store does not hold, with the way to those it does."""
    return WeightsUnknown(
        f"the store holds no weights {version}: `python -m feedback.weights list` shows those that "
        "it holds"
    )


def _described(row: Row[Any], live: str | None) -> WeightsRow:
    values = _counted(dict(row._mapping))
    return WeightsRow(**values, is_live=values["version"] == live)


def _counted(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"forgotten": values["learnt_from"] - values.pop("remaining")}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(value: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what JSON keeps of an object; raise `RowRefused` for what it cannot keep."""
    try:
        kept: dict[str, Any] = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise RowRefused(f"the {name} of these weights cannot be kept as JSON: {error}") from None
    return kept
