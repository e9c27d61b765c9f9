"""Weights as training would hand them to the store; the bytes are of no network."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from feedback.candidates import (
    StoredWeights,
    keep_weights,
    list_promotions,
    list_reviews,
    list_weights,
    live_version,
    promote,
    record_review,
)
from feedback.store import record_answer
from tests.feedback.sample_drawings import a_drawing

SHIPPED = "six-conv-00000000"


def some_weights(**changes: Any) -> StoredWeights:
    """Return weights of a new version, changed as asked."""
    usual: dict[str, Any] = {
        "version": f"six-conv-{uuid.uuid4().hex[:8]}",
        "tensors": b"tensors" * 100,
        "graph": b"\0graph\xff" * 100,
        "card": {"architecture": "six-conv", "classes": list("0123456789"), "a": None},
        "parent": SHIPPED,
        "metrics": {"validation_accuracy": 0.9931},
        "made_at": datetime(2026, 7, 1, 12, 30, 1, 5, tzinfo=UTC),
        "made_from": "60 answered drawings of 7 visitors",
    }
    return StoredWeights(**(usual | changes))


def a_report(verdict: str = "better", parent: str | None = SHIPPED) -> dict[str, Any]:
    """Return what the gate would write, as far as the store reads it."""
    return {"verdict": verdict, "parent": parent, "reasons": ["digit 4 lost 2.1 points"]}


def keep(engine: Engine, parent: str | None = SHIPPED, **changes: Any) -> str:
    """Keep weights with a report that lets them pass, and return their version."""
    stored = some_weights(**({"report": a_report(parent=parent), "parent": parent} | changes))
    keep_weights(engine, stored, [])
    return stored.version


def what_was_decided(engine: Engine) -> tuple[str, uuid.UUID]:
    """Fill a store with weights that are live, and a review; return the version and the drawing."""
    drawing = a_drawing()
    record_answer(engine, drawing, 3)
    record_review(engine, drawing.id, 5, "Ada")
    stored = some_weights(report=a_report())
    keep_weights(engine, stored, [drawing.id])
    promote(engine, stored.version, by="Ada", why="a test", expected_live=None)
    return stored.version, drawing.id


def decided_in(engine: Engine) -> list[object]:
    """Return all that a store says of weights and reviews."""
    return [list_weights(engine), list_promotions(engine), list_reviews(engine)]


def make_live(engine: Engine, version: str, **changes: Any) -> None:
    """Promote a version over what is live, changed as asked."""
    live = live_version(engine)
    promote(engine, version, **({"by": "Ada", "why": "a test", "expected_live": live} | changes))


def chain(engine: Engine, number: int) -> list[str]:
    """Promote versions one after the other, each judged against the one before."""
    versions: list[str] = []
    for _ in range(number):
        versions.append(keep(engine, parent=versions[-1] if versions else SHIPPED))
        make_live(engine, versions[-1])
    return versions


def damage(engine: Engine, version: str) -> None:
    """Change a byte of the stored file behind the store's back."""
    with engine.begin() as connection:
        query = text("UPDATE weights SET graph = :other WHERE version = :version")
        connection.execute(query, {"other": b"another", "version": version})
