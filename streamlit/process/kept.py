"""The store that the settings name, opened once, with the writer that fills it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from feedback.connection.embedded import let_go
from feedback.connection.engine import open_engine
from feedback.connection.settings import StoreSettings, read_settings
from feedback.errors import SettingsError
from feedback.migrate import migrate
from feedback.spool.spool import Spool, spool_folder, store_name
from feedback.store import check_connection, check_writable, record_drawing, record_words
from serving.keeping.retention import Retention
from serving.live.once import Once
from store.ending import Ending
from store.writer import Writer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Store:
    """Where drawings go; without a database, nowhere."""

    settings: StoreSettings
    engine: Engine | None
    writer: Writer | None
    problem: str | None = None  # what is wrong with the configuration
    retention: Retention | None = None  # where drawings are kept for a number of days only


def choose_store(environ: Mapping[str, str]) -> Store:
    """Return the configured store, the same at every call; a bad configuration keeps nothing."""
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        nowhere = StoreSettings("none", None, "not kept: the database is not configured rightly")
        return Store(nowhere, None, None, problem=str(error))
    return _stores.get((settings, spool_folder(environ)))


def close_stores() -> list[Ending]:
    """Write or spool what still waits, let go of all stores that were opened; return the ends."""
    return [close_store(store) for store in _stores.forget()]


def close_store(store: Store) -> Ending:
    """Write or spool what still waits, then let go of the store; safe to call twice."""
    if store.retention is not None:
        store.retention.close()
    ending = store.writer.close() if store.writer is not None else Ending(0)
    if store.engine is not None:
        let_go(store.engine)
    return ending


def _open(key: tuple[StoreSettings, Path]) -> Store:
    settings, folder = key
    if settings.url is None:
        return Store(settings, None, None)
    engine = open_engine(settings)
    spool = Spool(folder, store_name(settings.url))
    problem = spool.check()
    if problem is not None:
        log.warning(
            "the spool %s cannot be written to (%s): what waits for a database that is away is "
            "lost if the server stops. Give SPOOL_DIR a folder that can be written to",
            folder,
            problem,
        )
    # The writer's first check migrates, in its own thread: a server that is away delays no page.
    check = partial(_check, engine, settings.migrate_at_start)
    writer = Writer(
        check=check,
        record_drawing=partial(record_drawing, engine),
        record_words=partial(record_words, engine),
        spool=spool,
        rest=partial(let_go, engine),
    )
    days = settings.keep_days
    retention = None if days is None else Retention(engine, days, rest=partial(let_go, engine))
    return Store(settings, engine, writer, retention=retention)


def _check(engine: Engine, migrates: bool) -> None:
    if migrates:
        migrate(engine)
    check_connection(engine)
    check_writable(engine)


_stores = Once(_open)
