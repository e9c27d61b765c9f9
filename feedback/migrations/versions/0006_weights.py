"""Weights that learnt from answers, what operators decided, and what is live.

What is live is the last promotion; with none, the weights that Inkling ships. Promotions and
reviews are logs that are only added to. A version of Inkling that knows only the schema before
this one goes on writing beside it, and reads with the weights that it ships.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Uuid,
)

revision = "0006"
down_revision = "0005"

MOST_BYTES = 25_000_000  # of both files together
MOMENT = "-".join(["[0-9][0-9]" * 2, "[0-9][0-9]", "[0-9][0-9]"]) + " "
MOMENT += ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6


def upgrade() -> None:
    make_weights()
    make_drawings_of_weights()
    make_promotions()
    make_reviews()
    make_leases()
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Forget all weights but the shipped ones, and what operators decided."""
    for table in ("leases", "reviews", "promotions", "weights_drawings", "weights"):
        op.drop_table(table)
    if not is_sqlite():
        op.execute("DROP FUNCTION refuse_change_of_promotions")
        op.execute("DROP FUNCTION refuse_change_of_reviews")


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def make_weights() -> None:
    # The bytes come last: SQLite walks over all that stands before a column that is asked for.
    op.create_table(
        "weights",
        Column("version", String(200), primary_key=True),
        Column("reader", String(16), nullable=False),
        Column("tensors_sha256", String(64), nullable=False),
        Column("graph_sha256", String(64), nullable=False),
        Column("card", JSON(), nullable=False),
        Column("parent", String(200)),
        Column("metrics", JSON(), nullable=False),
        Column("report", JSON()),  # the gate's; null before it has judged
        Column("made_at", moment(), nullable=False),
        Column("made_from", String(2000), nullable=False),
        Column("learnt_from", Integer(), nullable=False),  # drawings, those deleted since included
        Column("rejected_at", moment()),
        Column("rejected_by", String(80)),
        Column("rejected_why", String(1000)),
        Column("tensors", LargeBinary(), nullable=False),
        Column("graph", LargeBinary(), nullable=False),
        rule("weights_are_named", "length(version) BETWEEN 1 AND 200"),
        rule("reader_is_known", "reader IN ('digits')"),
        rule("parent_is_named", "length(parent) BETWEEN 1 AND 200"),
        rule("made_from_is_said", "length(made_from) BETWEEN 1 AND 2000"),
        rule("learnt_from_counts_up", "learnt_from BETWEEN 0 AND 2147483647"),
        rule("tensors_sha256_is_a_digest", digest("tensors_sha256")),
        rule("graph_sha256_is_a_digest", digest("graph_sha256")),
        rule("tensors_are_there", "length(tensors) > 0"),
        rule("graph_is_there", "length(graph) > 0"),
        rule("weights_have_at_most_25_mb", f"length(tensors) + length(graph) <= {MOST_BYTES}"),
        rule(
            "a_rejection_has_a_name_and_a_reason",
            "(rejected_at IS NULL AND rejected_by IS NULL AND rejected_why IS NULL) OR "
            "(rejected_at IS NOT NULL AND rejected_by IS NOT NULL AND rejected_why IS NOT NULL AND "
            "length(rejected_by) BETWEEN 1 AND 80 AND length(rejected_why) BETWEEN 1 AND 1000)",
        ),
        *objects("card", "metrics", "report"),
        *moments("made_at", "rejected_at"),
        *strict(whole=["learnt_from"], blobs=["tensors", "graph"]),
    )


def make_drawings_of_weights() -> None:
    # What is deleted leaves this table with its drawing, whoever deletes it and however.
    op.create_table(
        "weights_drawings",
        Column("version", String(200), primary_key=True),
        Column("drawing_id", Uuid(), primary_key=True),
        ForeignKeyConstraint(["version"], ["weights.version"], name="learning_is_of_weights"),
        ForeignKeyConstraint(
            ["drawing_id"], ["drawings.id"], name="learning_is_from_drawings", ondelete="CASCADE"
        ),
        *strict(uuids=["drawing_id"]),
    )
    op.create_index("weights_drawings_of_drawing", "weights_drawings", ["drawing_id"])


def make_promotions() -> None:
    op.create_table(
        "promotions",
        Column("id", Integer(), Identity(), primary_key=True),
        Column("version", String(200)),  # null: the shipped weights
        Column("reader", String(16), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("at", moment(), nullable=False),
        Column("by_name", String(80), nullable=False),
        Column("why", String(1000), nullable=False),
        Column("parent_live", String(200)),  # what was live until then; null: the shipped weights
        ForeignKeyConstraint(["version"], ["weights.version"], name="promotions_are_of_weights"),
        rule("promotion_is_of_a_known_reader", "reader IN ('digits')"),
        rule("promotion_is_of_a_known_kind", "kind IN ('promoted', 'rolled back')"),
        rule("what_is_promoted_is_named", "kind = 'rolled back' OR version IS NOT NULL"),
        rule("promotion_has_a_name", "length(by_name) BETWEEN 1 AND 80"),
        rule("promotion_has_a_reason", "length(why) BETWEEN 1 AND 1000"),
        *moments("at"),
    )


def make_reviews() -> None:
    op.create_table(
        "reviews",
        Column("id", Integer(), Identity(), primary_key=True),
        Column("drawing_id", Uuid(), nullable=False),
        # 0 to 9, 10: not a digit, 11: left out; null: undone.
        Column("decision", SmallInteger()),
        Column("at", moment(), nullable=False),
        Column("by_name", String(80), nullable=False),
        ForeignKeyConstraint(
            ["drawing_id"], ["drawings.id"], name="reviews_are_of_drawings", ondelete="CASCADE"
        ),
        rule("decision_is_known", "decision BETWEEN 0 AND 11"),
        rule("review_has_a_name", "length(by_name) BETWEEN 1 AND 80"),
        *moments("at"),
        *strict(uuids=["drawing_id"], whole_or_null=["decision"]),
    )
    op.create_index("reviews_of_drawing", "reviews", ["drawing_id", "id"])


def make_leases() -> None:
    # What one instance at a time may do, such as training: held until a moment, and renewed.
    op.create_table(
        "leases",
        Column("name", String(80), primary_key=True),
        Column("holder", String(200), nullable=False),
        Column("until", moment(), nullable=False),
        rule("lease_is_named", "length(name) BETWEEN 1 AND 80"),
        rule("lease_has_a_holder", "length(holder) BETWEEN 1 AND 200"),
        *moments("until"),
    )


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def moment() -> Any:
    return DateTime(timezone=True)


def digest(column: str) -> str:
    if is_sqlite():
        return f"length({column}) = 64 AND {column} NOT GLOB '*[^0-9a-f]*'"
    return f"{column} ~ '^[0-9a-f]{{64}}$'"


def objects(*columns: str) -> list[CheckConstraint]:
    # Asked apart: SQLite's functions take more for JSON than PostgreSQL does, such as NaN.
    valid = "json_valid({c}) = 1 AND json_type({c}) = 'object'"
    condition = valid if is_sqlite() else "json_typeof({c}) = 'object'"
    return [rule(f"{c}_is_an_object", f"{c} IS NULL OR ({condition.format(c=c)})") for c in columns]


def moments(*columns: str) -> list[CheckConstraint]:
    condition = f"{{c}} GLOB '{MOMENT}'" if is_sqlite() else "isfinite({c})"
    quoted = {c: '"at"' if c == "at" else f'"{c}"' for c in columns}
    return [rule(f"{c}_is_a_moment", condition.format(c=quoted[c])) for c in columns]


def strict(
    uuids: list[str] | None = None,
    whole: list[str] | None = None,
    whole_or_null: list[str] | None = None,
    blobs: list[str] | None = None,
) -> list[CheckConstraint]:
    if not is_sqlite():  # SQLite's columns take any type: these rules make it as strict
        return []
    return [
        *(
            rule(f"{c}_is_a_uuid", f"length({c}) = 32 AND {c} NOT GLOB '*[^0-9a-f]*'")
            for c in uuids or ()
        ),
        *(rule(f"{c}_is_whole", f"typeof({c}) = 'integer'") for c in whole or ()),
        *(
            rule(f"{c}_is_whole", f"typeof({c}) IN ('integer', 'null')")
            for c in whole_or_null or ()
        ),
        *(rule(f"{c}_are_bytes", f"typeof({c}) = 'blob'") for c in blobs or ()),
    ]


# A drawing's reviews go with it, so that theirs refuses a change alone.
POSTGRESQL = (
    # Network weights do not get smaller, and are read whole.
    "ALTER TABLE weights ALTER COLUMN tensors SET STORAGE EXTERNAL",
    "ALTER TABLE weights ALTER COLUMN graph SET STORAGE EXTERNAL",
    """
    CREATE FUNCTION refuse_change_of_promotions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what was promoted is not changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER what_was_promoted_stays BEFORE UPDATE OR DELETE ON promotions
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_promotions()
    """,
    """
    CREATE FUNCTION refuse_change_of_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what was decided is not changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER what_was_decided_stays BEFORE UPDATE ON reviews
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_reviews()
    """,
)
SQLITE = (
    """
    CREATE TRIGGER what_was_promoted_stays BEFORE UPDATE ON promotions
    BEGIN
        SELECT RAISE(ABORT, 'what was promoted is not changed');
    END
    """,
    """
    CREATE TRIGGER what_was_promoted_is_not_deleted BEFORE DELETE ON promotions
    BEGIN
        SELECT RAISE(ABORT, 'what was promoted is not changed');
    END
    """,
    """
    CREATE TRIGGER what_was_decided_stays BEFORE UPDATE ON reviews
    BEGIN
        SELECT RAISE(ABORT, 'what was decided is not changed');
    END
    """,
)
