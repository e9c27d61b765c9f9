"""Versions of weights, their promotions and operators' decisions, as their callers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

MOST_BYTES = 25_000_000  # of both files of a version together
LONGEST_NAME, LONGEST_REASON = 80, 1000  # characters

# What an operator decides on a drawing: a digit, 0 to 9, or one of these.
NO_DIGIT_DECISION: Final = 10
LEAVE_OUT: Final = 11


@dataclass(frozen=True, kw_only=True)
class WeightsRow:
    """What is known of a version of weights, its bytes aside.

    reader: what they read, "digits". tensors_sha256, graph_sha256: of the two files. parent: the
    version that training went on from. report: what the gate found, None before it has judged;
    its `verdict` is "better", "no worse" or "worse", its `parent` the version that it compared
    them with. made_from: in words. learnt_from: how many drawings; forgotten: how many of those
    were deleted since. rejected_at, rejected_by, rejected_why: None unless an operator rejected
    them. All times are UTC.
    """

    version: str
    reader: str
    tensors_sha256: str
    graph_sha256: str
    card: dict[str, Any]
    parent: str | None
    metrics: dict[str, Any]
    report: dict[str, Any] | None
    made_at: datetime
    made_from: str
    learnt_from: int
    forgotten: int
    rejected_at: datetime | None
    rejected_by: str | None
    rejected_why: str | None
    is_live: bool

    @property
    def verdict(self) -> str | None:
        """Return the gate's verdict in its own words; None before it has judged."""
        return None if self.report is None else str(self.report.get("verdict"))


@dataclass(frozen=True, kw_only=True)
class StoredWeights:
    """A version of weights with both its files; what the store adds is left to it.

    tensors: the .safetensors file; graph: the .onnx file. The other fields are `WeightsRow`'s.
    """

    version: str
    tensors: bytes
    graph: bytes
    card: dict[str, Any]
    parent: str | None
    metrics: dict[str, Any]
    made_at: datetime
    made_from: str
    reader: str = "digits"
    report: dict[str, Any] | None = None
    learnt_from: int = 0
    forgotten: int = 0
    rejected_at: datetime | None = None
    rejected_by: str | None = None
    rejected_why: str | None = None


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """One change of what is live.

    version, parent_live: what is live since then, and what was until then; None: the shipped
    weights. kind: "promoted" or "rolled back". at: UTC.
    """

    id: int
    version: str | None
    reader: str
    kind: str
    at: datetime
    by_name: str
    why: str
    parent_live: str | None


@dataclass(frozen=True)
class Review:
    """What an operator decided last on a drawing, beside its author's answer.

    decision: 0 to 9, `NO_DIGIT_DECISION` or `LEAVE_OUT`; None: an earlier decision is undone.
    """

    drawing_id: UUID
    decision: int | None
    at: datetime
    by_name: str
