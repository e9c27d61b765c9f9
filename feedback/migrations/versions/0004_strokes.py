"""Strokes that a drawing can be made from again: each with its pen, and no more of them than that.

A version of Inkling that knows only the schema before this one goes on writing beside it: its
drawings have no pens. Rows that were there before stay as they are, whatever their strokes.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

MOST_STROKES, MOST_POINTS, LARGEST = 100, 5000, 255  # of Quick, Draw! coordinates
THINNEST_PX, THICKEST_PX = 1, 64
WRONG = "strokes are at most 100 with 5000 points from 0 to 255, each with a pen of 1 to 64 px"


def upgrade() -> None:
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_BACK if is_sqlite() else POSTGRESQL_BACK:
        op.execute(statement)


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


# A rule with a query in it needs a function here, and a trigger there. NOT VALID: for rows to come.
POSTGRESQL = (
    "ALTER TABLE drawings ADD COLUMN pens_px jsonb",
    f"""
    CREATE FUNCTION is_drawing(strokes jsonb, pens_px jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
        points bigint;
    BEGIN
        IF pens_px IS NOT NULL AND (
            strokes IS NULL OR jsonb_typeof(pens_px) <> 'array'
            OR jsonb_array_length(pens_px) <> jsonb_array_length(strokes)
            OR EXISTS (
                SELECT FROM jsonb_array_elements(pens_px) AS pen
                WHERE jsonb_typeof(pen) <> 'number'
                OR NOT pen::numeric BETWEEN {THINNEST_PX} AND {THICKEST_PX}
            )
        ) THEN
            RETURN false;
        END IF;
        IF strokes IS NULL THEN
            RETURN true;
        END IF;
        IF jsonb_typeof(strokes) <> 'array' OR jsonb_array_length(strokes) > {MOST_STROKES}
        THEN
            RETURN false;
        END IF;
        IF EXISTS (
            SELECT FROM jsonb_array_elements(strokes) AS stroke
            WHERE jsonb_typeof(stroke) <> 'array' OR jsonb_array_length(stroke) <> 2
            OR jsonb_typeof(stroke -> 0) <> 'array' OR jsonb_typeof(stroke -> 1) <> 'array'
            OR jsonb_array_length(stroke -> 0) <> jsonb_array_length(stroke -> 1)
            OR jsonb_array_length(stroke -> 0) = 0
        ) THEN
            RETURN false;
        END IF;
        SELECT coalesce(sum(jsonb_array_length(stroke -> 0)), 0) INTO points
        FROM jsonb_array_elements(strokes) AS stroke;
        IF points > {MOST_POINTS} THEN
            RETURN false;
        END IF;
        RETURN NOT EXISTS (
            SELECT FROM jsonb_array_elements(strokes) AS stroke,
                jsonb_array_elements(stroke) AS axis, jsonb_array_elements(axis) AS place
            WHERE jsonb_typeof(place) <> 'number' OR NOT place::numeric BETWEEN 0 AND {LARGEST}
        );
    EXCEPTION WHEN data_exception THEN  -- an operator met what it is not made for
        RETURN false;
    END
    $$
    """,
    """
    ALTER TABLE drawings ADD CONSTRAINT strokes_are_a_drawing
    CHECK (is_drawing(strokes, pens_px)) NOT VALID
    """,
)
POSTGRESQL_BACK = (
    "ALTER TABLE drawings DROP CONSTRAINT strokes_are_a_drawing",
    "DROP FUNCTION is_drawing",
    "ALTER TABLE drawings DROP COLUMN pens_px",
)

_NUMBER = "type NOT IN ('integer', 'real')"
_TRIGGER = f"""
    CREATE TRIGGER strokes_are_a_drawing_{{moment}} BEFORE {{moment}} ON drawings
    WHEN NEW.strokes IS NOT NULL OR NEW.pens_px IS NOT NULL
    BEGIN
        SELECT RAISE(ABORT, '{WRONG}') WHERE NEW.pens_px IS NOT NULL AND (
            NEW.strokes IS NULL OR json_valid(NEW.pens_px) = 0
            OR json_type(NEW.pens_px) <> 'array'
            OR json_array_length(NEW.pens_px) <> json_array_length(NEW.strokes)
            OR EXISTS (
                SELECT 1 FROM json_each(NEW.pens_px)
                WHERE {_NUMBER} OR value NOT BETWEEN {THINNEST_PX} AND {THICKEST_PX}
            )
        );
        SELECT RAISE(ABORT, '{WRONG}') WHERE NEW.strokes IS NOT NULL AND (
            json_valid(NEW.strokes) = 0 OR json_type(NEW.strokes) <> 'array'
            OR json_array_length(NEW.strokes) > {MOST_STROKES}
        );
        SELECT RAISE(ABORT, '{WRONG}') FROM json_each(NEW.strokes) AS stroke
        WHERE stroke.type <> 'array' OR json_array_length(stroke.value) <> 2
        OR json_type(stroke.value, '$[0]') <> 'array' OR json_type(stroke.value, '$[1]') <> 'array'
        OR json_array_length(stroke.value, '$[0]') <> json_array_length(stroke.value, '$[1]')
        OR json_array_length(stroke.value, '$[0]') = 0;
        SELECT RAISE(ABORT, '{WRONG}') WHERE (
            SELECT sum(json_array_length(value, '$[0]')) FROM json_each(NEW.strokes)
        ) > {MOST_POINTS};
        SELECT RAISE(ABORT, '{WRONG}')
        FROM json_each(NEW.strokes) AS stroke, json_each(stroke.value) AS axis,
            json_each(axis.value) AS place
        WHERE place.type NOT IN ('integer', 'real') OR place.value NOT BETWEEN 0 AND {LARGEST};
    END
"""
SQLITE = (
    "ALTER TABLE drawings ADD COLUMN pens_px JSON",
    _TRIGGER.format(moment="INSERT"),
    _TRIGGER.format(moment="UPDATE"),
)
SQLITE_BACK = (
    "DROP TRIGGER strokes_are_a_drawing_INSERT",
    "DROP TRIGGER strokes_are_a_drawing_UPDATE",
    "ALTER TABLE drawings DROP COLUMN pens_px",
)
