"""What schema 0007 guards writing with, where a rule of one row is not enough.

Frozen with that step: a later one changes nothing here.
"""

from __future__ import annotations

# Of a wide canvas, in its pixels. A canvas of two rows holds some hundred strokes.
MOST_STROKES, MOST_POINTS, LARGEST = 400, 20_000, 4095
THINNEST_PX, THICKEST_PX = 1, 64
MOST_PROBABILITIES = 10
WRONG_STROKES = (
    "strokes of writing are at most 400 with 20000 points from 0 to 4095, each with a pen of 1 to "
    "64 px"
)
WRONG_SHARES = "probabilities are one to ten shares from 0 to 1, each of a character"
CLOSED = "an answered drawing is closed"
DELETED = "a deleted drawing stays deleted"
NOT_CHANGED = "what was said is not changed"

# All that statistics read of a row, newest first: ink and strokes make the rows wide.
NEWEST = "source, weights_version, session_id, kind, alphabet, is_writing, sure, confidence"
# What was taken for what, without a look at the rows with the ink.
TRUTHS = """
    CREATE INDEX writing_characters_truths ON writing_characters (writing_id, truth, label)
    WHERE truth IS NOT NULL
"""

# The marks of what is deleted, and the guard of a log, are those that digits have.
POSTGRESQL = (
    f"CREATE INDEX writings_newest ON writings (created_at, id) INCLUDE ({NEWEST})",
    TRUTHS,
    """
    ALTER TABLE writings SET (
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02
    )
    """,
    f"""
    CREATE FUNCTION are_strokes_of_writing(strokes jsonb, pens_px jsonb) RETURNS boolean
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
        RETURN points <= {MOST_POINTS} AND NOT EXISTS (
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
    ALTER TABLE writings ADD CONSTRAINT strokes_are_of_writing
    CHECK (are_strokes_of_writing(strokes, pens_px))
    """,
    f"""
    CREATE FUNCTION are_shares_of_characters(shares json) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        RETURN json_typeof(shares) = 'object'
            AND (SELECT count(*) FROM json_each(shares)) BETWEEN 1 AND {MOST_PROBABILITIES}
            AND NOT EXISTS (
                SELECT FROM json_each(shares) AS share
                WHERE length(share.key) <> 1 OR json_typeof(share.value) <> 'number'
                OR NOT share.value::text::numeric BETWEEN 0 AND 1
            );
    EXCEPTION WHEN data_exception THEN
        RETURN false;
    END
    $$
    """,
    """
    ALTER TABLE writing_characters ADD CONSTRAINT probabilities_are_shares
    CHECK (are_shares_of_characters(probabilities))
    """,
    f"""
    CREATE FUNCTION refuse_change_of_answered_writing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM writing_answers WHERE writing_id = OLD.id) THEN
            RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER answered_writing_is_closed BEFORE UPDATE ON writings
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_answered_writing()
    """,
    f"""
    CREATE FUNCTION refuse_change_of_answered_characters() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM writing_answers
            WHERE (TG_OP <> 'INSERT' AND writing_id = OLD.writing_id)
            OR (TG_OP <> 'DELETE' AND writing_id = NEW.writing_id)
        ) THEN
            RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN coalesce(NEW, OLD);
    END
    $$
    """,
    """
    CREATE TRIGGER answered_characters_are_closed
    BEFORE INSERT OR UPDATE OR DELETE ON writing_characters
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_answered_characters()
    """,
    """
    CREATE TRIGGER deleted_writing_stays_deleted BEFORE INSERT ON writings
    FOR EACH ROW EXECUTE FUNCTION refuse_deleted_drawing()
    """,
    """
    CREATE TRIGGER what_was_said_of_writing_stays BEFORE UPDATE ON writing_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log()
    """,
)
POSTGRESQL_BACK = (
    "DROP FUNCTION refuse_change_of_answered_characters",
    "DROP FUNCTION refuse_change_of_answered_writing",
    "DROP FUNCTION are_shares_of_characters",
    "DROP FUNCTION are_strokes_of_writing",
)

_STROKES = f"""
    CREATE TRIGGER strokes_are_of_writing_{{moment}} BEFORE {{moment}} ON writings
    WHEN NEW.strokes IS NOT NULL OR NEW.pens_px IS NOT NULL
    BEGIN
        SELECT RAISE(ABORT, '{WRONG_STROKES}') WHERE NEW.pens_px IS NOT NULL AND (
            NEW.strokes IS NULL OR json_valid(NEW.pens_px) = 0
            OR json_type(NEW.pens_px) <> 'array'
            OR json_array_length(NEW.pens_px) <> json_array_length(NEW.strokes)
            OR EXISTS (
                SELECT 1 FROM json_each(NEW.pens_px) WHERE type NOT IN ('integer', 'real')
                OR value NOT BETWEEN {THINNEST_PX} AND {THICKEST_PX}
            )
        );
        SELECT RAISE(ABORT, '{WRONG_STROKES}') WHERE NEW.strokes IS NOT NULL AND (
            json_valid(NEW.strokes) = 0 OR json_type(NEW.strokes) <> 'array'
            OR json_array_length(NEW.strokes) > {MOST_STROKES}
        );
        SELECT RAISE(ABORT, '{WRONG_STROKES}') FROM json_each(NEW.strokes) AS stroke
        WHERE stroke.type <> 'array' OR json_array_length(stroke.value) <> 2
        OR json_type(stroke.value, '$[0]') <> 'array' OR json_type(stroke.value, '$[1]') <> 'array'
        OR json_array_length(stroke.value, '$[0]') <> json_array_length(stroke.value, '$[1]')
        OR json_array_length(stroke.value, '$[0]') = 0;
        SELECT RAISE(ABORT, '{WRONG_STROKES}') WHERE (
            SELECT sum(json_array_length(value, '$[0]')) FROM json_each(NEW.strokes)
        ) > {MOST_POINTS};
        SELECT RAISE(ABORT, '{WRONG_STROKES}')
        FROM json_each(NEW.strokes) AS stroke, json_each(stroke.value) AS axis,
            json_each(axis.value) AS place
        WHERE place.type NOT IN ('integer', 'real') OR place.value NOT BETWEEN 0 AND {LARGEST};
    END
"""
_SHARES = f"""
    CREATE TRIGGER probabilities_are_shares_{{moment}} BEFORE {{moment}} ON writing_characters
    BEGIN
        SELECT RAISE(ABORT, '{WRONG_SHARES}') WHERE json_valid(NEW.probabilities) = 0
        OR json_type(NEW.probabilities) <> 'object'
        OR (SELECT count(*) FROM json_each(NEW.probabilities))
            NOT BETWEEN 1 AND {MOST_PROBABILITIES};
        SELECT RAISE(ABORT, '{WRONG_SHARES}') FROM json_each(NEW.probabilities) AS share
        WHERE length(share.key) <> 1 OR share.type NOT IN ('integer', 'real')
        OR share.value NOT BETWEEN 0 AND 1;
    END
"""
_CLOSED = f"""
    CREATE TRIGGER answered_characters_are_closed_{{moment}} BEFORE {{moment}}
    ON writing_characters
    WHEN EXISTS (SELECT 1 FROM writing_answers WHERE writing_id = {{row}}.writing_id)
    BEGIN
        SELECT RAISE(ABORT, '{CLOSED}');
    END
"""
SQLITE = (
    f"CREATE INDEX writings_newest ON writings (created_at, id, {NEWEST})",
    TRUTHS,
    *(_STROKES.format(moment=moment) for moment in ("INSERT", "UPDATE")),
    *(_SHARES.format(moment=moment) for moment in ("INSERT", "UPDATE")),
    f"""
    CREATE TRIGGER answered_writing_is_closed BEFORE UPDATE ON writings
    WHEN EXISTS (SELECT 1 FROM writing_answers WHERE writing_id = OLD.id)
    BEGIN
        SELECT RAISE(ABORT, '{CLOSED}');
    END
    """,
    _CLOSED.format(moment="INSERT", row="NEW"),
    _CLOSED.format(moment="UPDATE", row="OLD"),
    _CLOSED.format(moment="DELETE", row="OLD"),
    f"""
    CREATE TRIGGER deleted_writing_stays_deleted BEFORE INSERT ON writings
    WHEN EXISTS (SELECT 1 FROM deleted_drawings WHERE drawing_id = NEW.id)
    OR EXISTS (
        SELECT 1 FROM deleted_sessions
        WHERE session_id = NEW.session_id AND deleted_at >= NEW.created_at
    )
    BEGIN
        SELECT RAISE(ABORT, '{DELETED}');
    END
    """,
    f"""
    CREATE TRIGGER what_was_said_of_writing_stays BEFORE UPDATE ON writing_log
    BEGIN
        SELECT RAISE(ABORT, '{NOT_CHANGED}');
    END
    """,
)
