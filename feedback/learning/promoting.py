"""Making weights live, going back, and rejecting: each one transaction, one at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from feedback.connection.engine import transaction
from feedback.errors import NothingToRollBackTo, PromotionRefused, RowRefused, StalePromotion
from feedback.learning.kept_weights import LIMIT_S, are_whole, load_stored_weights, unknown
from feedback.learning.live_weights import live_in, promotions_in, standing
from feedback.learning.versions import LONGEST_NAME, LONGEST_REASON, Promotion
from feedback.records.locks import lock_promotions
from feedback.records.schema import PROMOTED, ROLLED_BACK, promotions, weights

SHIPPED = "the shipped weights"
TRAIN = "`python run_model.py --mode finetune --from-store --publish`"


def promote(
    engine: Engine,
    version: str,
    *,
    by: str,
    why: str,
    expected_live: str | None,
    anyway: bool = False,
    shipped: str | None = None,
) -> Promotion:
    """Make a version live, and return what was written.

    by, why: whose word it is, and the reason. expected_live: what the caller believes to be live,
    None for the shipped weights. anyway: the operator's word for a candidate that is no worse, but
    not shown to be better. shipped: the version of the shipped weights, where the caller knows it:
    what a report was made against is then checked while these are live. Raises `StalePromotion`
    where something else is live by now; `PromotionRefused` for a version without a report, with
    one of another parent than what is live, with a verdict that does not let it pass, for a
    rejected one and for what is live already; `WeightsUnknown`, `WeightsDamaged`, and
    `StoreUnavailable` when nothing has changed.
    """
    by, why = checked_name(by), checked_reason(why)
    reader = load_stored_weights(engine, version).reader  # a damaged one says so here
    with transaction(engine, writes=True) as connection:
        lock_promotions(connection)
        live = live_in(connection, reader)
        if live != expected_live:
            raise StalePromotion(
                f"{_named(live)} became live meanwhile, in place of {_named(expected_live)}: look "
                "again at what is live and at the candidate's report, then decide"
            )
        row = _row_of(connection, version)
        _check_row(row, live)
        _check_parent(connection, row, live, shipped)
        _check_verdict(row, anyway=anyway)
        new = {"version": version, "reader": reader, "kind": PROMOTED, "parent_live": live}
        return _write(connection, **new, by_name=by, why=why)


def roll_back(engine: Engine, *, by: str, why: str, reader: str = "digits") -> Promotion:
    """Make live again what was before, and return what was written.

    That is the promotion before the one that stands, and the shipped weights before the first.
    What was rejected or damaged meanwhile is passed over. Raises `NothingToRollBackTo` where the
    shipped weights are live, `StoreUnavailable` when nothing has changed.
    """
    by, why = checked_name(by), checked_reason(why)
    with transaction(engine, writes=True, limit_s=LIMIT_S) as connection:
        lock_promotions(connection)
        stack = standing(promotions_in(connection, reader))
        if not stack:
            raise NothingToRollBackTo("the shipped weights are live: nothing stands before them")
        live = stack.pop()
        while stack and not _is_usable(connection, stack[-1]):
            stack.pop()
        version = stack[-1] if stack else None
        new = {"version": version, "reader": reader, "kind": ROLLED_BACK, "parent_live": live}
        return _write(connection, **new, by_name=by, why=why)


def reject(engine: Engine, version: str, *, by: str, why: str) -> None:
    """Mark a version as rejected, for good: it stays in the store and is never promoted.

    Raises `PromotionRefused` for what is live, `WeightsUnknown`, and `RowRefused` for a version
    that is rejected already; `StoreUnavailable` when nothing has changed.
    """
    by, why = checked_name(by), checked_reason(why)
    with transaction(engine, writes=True, limit_s=LIMIT_S) as connection:
        lock_promotions(connection)
        row = _row_of(connection, version)
        if row.rejected_at is not None:
            raise RowRefused(f"weights {version} are rejected already, by {row.rejected_by}")
        if live_in(connection, row.reader) == version:
            raise PromotionRefused(
                f"weights {version} are live: roll back first "
                '(`python -m feedback.weights rollback --why "..."`), then reject them'
            )
        marked = update(weights).where(weights.c.version == version)
        connection.execute(
            marked.values(rejected_at=datetime.now(UTC), rejected_by=by, rejected_why=why)
        )


def checked_name(name: str) -> str:
    """Return who decides, as it is kept; raise `RowRefused` for nobody and for too long a name."""
    short = " ".join(name.split())
    if not 1 <= len(short) <= LONGEST_NAME:
        raise RowRefused(f"say who decides, in 1 to {LONGEST_NAME} characters")
    return short


def checked_reason(why: str) -> str:
    """Return the reason as it is kept; raise `RowRefused` for none and for too long a one."""
    short = why.strip()
    if not 1 <= len(short) <= LONGEST_REASON:
        raise RowRefused(f"say why, in 1 to {LONGEST_REASON:,} characters")
    return short


def _check_row(row: Row[Any], live: str | None) -> None:
    """Raise `PromotionRefused` for what is live, was rejected, or was never judged."""
    if row.version == live:
        raise PromotionRefused(f"weights {row.version} are live already")
    if row.rejected_at is not None:
        raise PromotionRefused(
            f"weights {row.version} were rejected by {row.rejected_by} ({row.rejected_why}): train "
            f"a new candidate with {TRAIN}"
        )
    if row.report is None:
        raise PromotionRefused(
            f"the gate has not judged weights {row.version}: train with {TRAIN}, which ends with "
            "its report"
        )


def _check_parent(
    connection: Connection, row: Row[Any], live: str | None, shipped: str | None
) -> None:
    """Raise `PromotionRefused` where a report compares with something else than what is live."""
    parent, known = row.report.get("parent"), live or shipped
    # Whoever does not know the version of the shipped weights knows that it is none of the store's.
    fits = parent == known if known else parent is not None and not _is_kept(connection, parent)
    if not fits:
        raise PromotionRefused(
            f"the report of weights {row.version} is out of date: it compares them with "
            f"{parent or 'what it does not say'}, and {_named(live)} are live now. Train a "
            f"candidate from those with {TRAIN}"
        )


def _check_verdict(row: Row[Any], *, anyway: bool) -> None:
    """Raise `PromotionRefused` where the gate did not let the candidate pass."""
    verdict = row.report.get("verdict")
    if verdict == "better" or (verdict == "no worse" and anyway):
        return
    if verdict == "no worse":
        raise PromotionRefused(
            f"weights {row.version} are no worse than what is live, but not shown to be better: "
            "promote them on your own word (--anyway), or train again when there are more answers"
        )
    reasons = "; ".join(str(reason) for reason in row.report.get("reasons") or ())
    raise PromotionRefused(
        f"the gate found weights {row.version} worse than what is live"
        f"{f' ({reasons})' if reasons else ''}: reject them, and train again when there are more "
        "answers"
    )


def _is_usable(connection: Connection, version: str) -> bool:
    rejected = select(weights.c.rejected_at).where(weights.c.version == version)
    return connection.scalar(rejected) is None and are_whole(connection, version)


def _is_kept(connection: Connection, version: str) -> bool:
    held = select(weights.c.version).where(weights.c.version == version)
    return connection.scalar(held) is not None


def _row_of(connection: Connection, version: str) -> Row[Any]:
    names = ("version", "reader", "report", "rejected_at", "rejected_by", "rejected_why")
    query: Any = select(*(weights.c[name] for name in names)).where(weights.c.version == version)
    row: Row[Any] | None = connection.execute(query).one_or_none()
    if row is None:
        raise unknown(version)
    return row


def _write(connection: Connection, **values: Any) -> Promotion:
    values["at"] = datetime.now(UTC)
    made = connection.execute(insert(promotions).values(values).returning(promotions.c.id))
    return Promotion(id=made.scalar_one(), **values)


def _named(version: str | None) -> str:
    return SHIPPED if version is None else f"weights {version}"
