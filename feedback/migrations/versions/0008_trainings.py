"""Trainings of the HTTP service: how they stand, for every instance that shares the store.

A version of Inkling that knows only the schema before this one goes on beside it, and tells of its
own trainings alone.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import CheckConstraint, Column, DateTime, Double, String, Uuid

revision = "0008"
down_revision = "0007"

MOMENT = "-".join(["[0-9][0-9]" * 2, "[0-9][0-9]", "[0-9][0-9]"]) + " "
MOMENT += ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6
MOMENTS = ("began_at", "heard_at", "ended_at", "cancel_asked_at")


def upgrade() -> None:
    op.create_table(
        "trainings",
        Column("id", Uuid(), primary_key=True),
        Column("holder", String(200), nullable=False),
        Column("models", String(200), nullable=False),
        Column("state", String(16), nullable=False),
        Column("share", Double(), nullable=False),
        Column("message", String(2000), nullable=False),
        Column("began_at", moment(), nullable=False),
        Column("heard_at", moment(), nullable=False),
        Column("ended_at", moment()),
        Column("cancel_asked_at", moment()),
        rule("training_has_a_holder", "length(holder) BETWEEN 1 AND 200"),
        rule("training_is_of_models", "length(models) BETWEEN 1 AND 200"),
        rule("training_state_is_known", "state IN ('running', 'done', 'failed', 'cancelled')"),
        rule("what_has_ended_says_when", "(state = 'running') = (ended_at IS NULL)"),
        rule("share_is_a_share", "share BETWEEN 0 AND 1"),
        rule("message_is_short", "length(message) BETWEEN 1 AND 2000"),
        *moments(*MOMENTS),
        *strict(),
    )


def downgrade() -> None:
    """Forget how trainings went; what they left stays."""
    op.drop_table("trainings")


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def moment() -> Any:
    return DateTime(timezone=True)


def moments(*columns: str) -> list[CheckConstraint]:
    condition = f"{{c}} GLOB '{MOMENT}'" if is_sqlite() else "isfinite({c})"
    return [rule(f"{c}_is_a_moment", condition.format(c=c)) for c in columns]


def strict() -> list[CheckConstraint]:
    if not is_sqlite():  # SQLite's columns take any type: these rules make it as strict
        return []
    return [
        rule("id_is_a_uuid", "length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'"),
        rule("share_is_a_number", "typeof(share) = 'real'"),
    ]
