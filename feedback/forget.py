"""Delete drawings and all that came of them: `python -m feedback.forget --visitor ID`, ..."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import Engine

from environment import read_environment
from feedback.connection.engine import open_engine
from feedback.connection.settings import StoreSettings, read_settings
from feedback.errors import RowRefused, SettingsError, StoreUnavailable
from feedback.learning.kept_weights import list_weights
from feedback.queries.listing import count_drawings
from feedback.queries.pseudonyms import find_visitor
from feedback.queries.writing_listing import count_writings
from feedback.records.by_age import count_before, count_of, end_of_keeping, forget_before
from feedback.records.deleting import delete_drawings, delete_session
from feedback.records.rows import Filters


def main(argv: Sequence[str] | None = None) -> int:
    """Delete what the options name and say what was deleted; return the exit status."""
    chosen = _parser().parse_args(argv)
    try:
        settings = read_settings(read_environment())
        if settings.url is None:
            raise SettingsError(f"nothing to delete: {settings.place}")
        engine = open_engine(settings)
        try:
            if chosen.dry_run:
                print(f"{settings.place}: {_drawings(_count(engine, chosen, settings))} to delete")
                return 0
            before = {row.version: row.forgotten for row in list_weights(engine)}
            deleted = _delete(engine, chosen, settings)
            learnt = [
                row for row in list_weights(engine) if row.forgotten > before.get(row.version, 0)
            ]
        finally:
            engine.dispose()
    except (SettingsError, StoreUnavailable, RowRefused) as error:
        print(error, file=sys.stderr)
        return 1
    if not deleted:
        print(f"{settings.place}: there is none of those drawings, and nothing was deleted")
        return 0
    print(
        f"{settings.place}: {_drawings(deleted)} deleted, with all that was said of them. Backups "
        "made before still hold them"
    )
    for row in learnt:
        print(
            f"weights {row.version} stay as they are: {row.forgotten} of the "
            f"{row.learnt_from} drawings that they learnt from are deleted now"
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m feedback.forget",
        description="Delete drawings for good, with their answers, reviews, and their part in what "
        "weights learnt from. Weights that learnt from them stay as they are, and say so.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--visitor",
        metavar="ID",
        help="all drawings of one visitor: the word in the column `session` of the CSV file, or "
        "the `session_id` in the store",
    )
    what.add_argument(
        "--drawing", metavar="ID", type=_uuid, action="append", help="one drawing; may be repeated"
    )
    what.add_argument(
        "--before", metavar="DATE", type=_day, help="what was begun before a day (UTC): 2026-01-31"
    )
    what.add_argument(
        "--older", action="store_true", help="what is older than KEEP_DAYS, as the dashboard does"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say how many drawings that are, and delete none"
    )
    return parser


def _delete(engine: Engine, chosen: argparse.Namespace, settings: StoreSettings) -> int:
    if chosen.visitor is not None:
        return delete_session(engine, find_visitor(engine, chosen.visitor))
    if chosen.drawing is not None:
        return delete_drawings(engine, chosen.drawing, session_id=None)
    return forget_before(engine, _end(chosen, settings))


def _count(engine: Engine, chosen: argparse.Namespace, settings: StoreSettings) -> int:
    if chosen.visitor is not None:
        theirs = Filters(session_id=find_visitor(engine, chosen.visitor))
        return count_drawings(engine, theirs) + count_writings(engine, theirs)
    if chosen.drawing is not None:
        return count_of(engine, chosen.drawing)
    return count_before(engine, _end(chosen, settings))


def _end(chosen: argparse.Namespace, settings: StoreSettings) -> datetime:
    if chosen.before is not None:
        return datetime.combine(chosen.before, time(), UTC)
    if settings.keep_days is None:
        raise SettingsError("KEEP_DAYS is not set: nothing is too old; or give a day with --before")
    return end_of_keeping(settings.keep_days)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no drawing's id") from None


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-01-31") from None
    if day > datetime.now(UTC).date():
        raise argparse.ArgumentTypeError(f"{text} is still to come: all drawings are before it")
    return day


def _drawings(number: int) -> str:
    return "1 drawing" if number == 1 else f"{number:,} drawings"


if __name__ == "__main__":
    sys.exit(main())
