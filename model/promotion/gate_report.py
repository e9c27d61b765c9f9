"""What the gate says of a candidate: rows with limits, the live test, a verdict. Plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

BETTER, NO_WORSE, WORSE = "better", "no worse", "worse"
SHARE, ERROR = "share", "error"  # units: a share of images, or a calibration error; both 0..1
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that was asked of both weights.

    was, now: of what is live and of the candidate, 0..1; None where it could not be asked.
    difference: now minus was, in points for a share. limit: the lowest difference that passes for
    a share, the highest for an error; None where nothing is asked. images: that were read.
    """

    name: str
    unit: str
    images: int
    was: float | None
    now: float | None
    limit: float | None

    @property
    def difference(self) -> float | None:
        """Return how much more it is now: points of a share, or an error as it is."""
        if self.was is None or self.now is None:
            return None
        return (self.now - self.was) * (100 if self.unit == SHARE else 1)

    @property
    def passed(self) -> bool:
        """Tell whether the limit is kept."""
        if self.limit is None or self.difference is None:
            return True
        beyond = (
            self.limit - self.difference if self.unit == SHARE else self.difference - self.limit
        )
        return beyond < 1e-9

    def cells(self) -> tuple[str, str, str, str, str]:
        """Return was, is, difference, limit and whether it passed, in words for a table."""
        is_share = self.unit == SHARE

        def level(value: float | None) -> str:
            if value is None:
                return "none"
            return f"{value:.2%}" if is_share else f"{value:.4f}"

        def change(value: float | None, sign: str) -> str:
            if value is None:
                return ""
            value = value or 0.0  # no minus before a zero
            return format(value, f"{sign}.2f" if is_share else f"{sign}.4f")

        limit = "" if self.limit is None else f"{change(self.limit, '+')} or better"
        outcome = ("yes" if self.passed else "NO") if self.limit is not None else "not asked"
        return (
            level(self.was), level(self.now), change(self.difference, "+"), limit, outcome,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LiveTest:
    """How both weights read the drawings that were never learnt from.

    digits: that authors called a digit; right is taken for a digit, and for that one. not_digits:
    that they called none. p: of the exact McNemar test on `newly_right` and `newly_misread`, ids of
    drawings of digits. readings: by the id of each of those, `label`, `was` and `is`; a reading is
    None where the drawing was refused.
    """

    visitors: int
    digits: int
    not_digits: int
    was_right: int
    is_right: int
    p: float
    newly_right: tuple[str, ...]
    newly_misread: tuple[str, ...]
    readings: dict[str, dict[str, int | None]]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Whether a candidate may become live in place of the weights that it was compared with.

    candidate, parent: versions; parent is what was live. made_at: ISO 8601, in UTC. verdict:
    `BETTER`; `NO_WORSE`, which takes the operator's word; or `WORSE`. reasons: for the verdict, a
    sentence each. believed: answers of each fate, by what it is called.
    """

    candidate: str
    parent: str
    made_at: str
    verdict: str
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    live_test: LiveTest
    believed: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold, with each row's `is`, `difference` and `passed`."""
        rows = [
            {**asdict(row), "is": row.now, "difference": row.difference, "passed": row.passed}
            for row in self.rows
        ]
        for row in rows:
            del row["now"]
        plain: dict[str, Any] = json.loads(
            json.dumps({**asdict(self), "format": FORMAT, "rows": rows})
        )
        return plain  # lists in place of tuples, as it comes back from a store

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Report:
        """Return the report that `to_json` made this of; raises ValueError for anything else."""
        try:
            if stored["format"] != FORMAT:
                raise ValueError(f"a report of format {stored['format']}")
            rows = tuple(
                Row(
                    name=row["name"], unit=row["unit"], images=row["images"], was=row["was"],
                    now=row["is"], limit=row["limit"],
                )
                for row in stored["rows"]
            )  # fmt: skip
            live = dict(stored["live_test"])
            for name in ("newly_right", "newly_misread"):
                live[name] = tuple(live[name])
            return cls(
                candidate=stored["candidate"],
                parent=stored["parent"],
                made_at=stored["made_at"],
                verdict=stored["verdict"],
                reasons=tuple(stored["reasons"]),
                rows=rows,
                live_test=LiveTest(**live),
                believed=dict(stored["believed"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is no report of the gate: {error!r}") from error
