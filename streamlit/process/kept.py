"""The store that the settings name, opened once, with the writer that fills it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from feedback.connection.engine import open_engine
from feedback.connection.settings import StoreSettings, read_settings
from feedback.errors import SettingsError
from feedback.migrate import migrate
from feedback.store import check_connection, record_answer, record_drawing
from process.once import Once
from store.writer import Writer


@dataclass(frozen=True)
class Store:
    """Where drawings go; without a database, nowhere."""

    settings: StoreSettings
    engine: Engine | None
    writer: Writer | None
    problem: str | None = None  # what is wrong with the configuration


def choose_store(environ: Mapping[str, str]) -> Store:
    """Return the configured store, the same at every call; a bad configuration keeps nothing."""
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        nowhere = StoreSettings("none", None, "not kept: the database is not configured rightly")
        return Store(nowhere, None, None, problem=str(error))
    return _stores.get(settings)


def close_stores() -> list[Store]:
    """Write what still waits, close all stores that were opened, and return them."""
    closed = _stores.forget()
    for store in closed:
        if store.writer is not None:
            store.writer.close()
        if store.engine is not None:
            store.engine.dispose()
    return closed


def _open(settings: StoreSettings) -> Store:
    if settings.url is None:
        return Store(settings, None, None)
    engine = open_engine(settings)
    # The writer's first check migrates, in its own thread: a server that is away delays no page.
    check = partial(_check, engine, settings.migrate_at_start)
    writer = Writer(
        check=check,
        record_drawing=partial(record_drawing, engine),
        record_answer=partial(record_answer, engine),
    )
    return Store(settings, engine, writer)


def _check(engine: Engine, migrates: bool) -> None:
    if migrates:
        migrate(engine)
    check_connection(engine)


_stores = Once(_open)
