"""Which store the configuration names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import URL

from environment import ROOT, project_path
from feedback.connection.credentials import password_of, switch, tls_options
from feedback.errors import SettingsError

__all__ = ["NOT_CONFIGURED", "SettingsError", "StoreSettings", "place_of", "read_settings"]

DEFAULT_PORT = 5432
NOT_CONFIGURED = "not kept: no database is configured"
DEFAULT_EMBEDDED_STORE = "var/feedback.sqlite3"
NEEDED = ("DB_NAME", "DB_USER", "DB_PASSWORD")
KEYS = (
    *("DB_HOST", "DB_PORT", "DB_INSTANCE_CONNECTION_NAME", *NEEDED),
    *("DB_PASSWORDLESS", "DB_SSLMODE", "DB_SSLROOTCERT"),
)
CLOUD_SQL_FOLDER = "/cloudsql/"


@dataclass(frozen=True)
class StoreSettings:
    """Where drawings and answers are kept.

    place: the words that every page shows. url: None when nothing is kept; its text form hides
    the password.
    """

    kind: Literal["postgresql", "sqlite", "none"]
    url: URL | None
    place: str
    migrate_at_start: bool = True


def read_settings(environ: Mapping[str, str]) -> StoreSettings:
    """Return the store that the settings name, or raise `SettingsError` with the keys to correct.

    environ: as `environment.read_environment` returns it. Any DB_ key means PostgreSQL, and then
    all that it needs must be there; none means the embedded SQLite file of EMBEDDED_STORE, or no
    store at all where that is `off`.
    """
    migrate_at_start = switch(environ, "MIGRATE_AT_START", default=True)
    if any(environ.get(key) for key in KEYS if key != "DB_PASSWORDLESS") or switch(
        environ, "DB_PASSWORDLESS", default=False
    ):
        url = _postgresql_url(environ)
        return StoreSettings("postgresql", url, place_of(url), migrate_at_start)
    embedded = environ.get("EMBEDDED_STORE") or DEFAULT_EMBEDDED_STORE
    if embedded.lower() == "off":
        return StoreSettings("none", None, NOT_CONFIGURED, migrate_at_start)
    path = project_path(embedded)
    if path.is_dir():
        raise SettingsError(f"EMBEDDED_STORE must name a file, but {embedded} is a folder")
    url = URL.create("sqlite+pysqlite", database=str(path))
    return StoreSettings("sqlite", url, place_of(url), migrate_at_start)


def place_of(url: URL) -> str:
    """Return the words for a store that a person recognises it by: never the user or password."""
    if url.get_backend_name() == "sqlite":
        path = project_path(url.database or "")
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        return f"embedded SQLite ({shown})"
    host = url.host or str(url.query.get("host", "localhost"))
    if host.startswith(CLOUD_SQL_FOLDER):
        host = f"on Cloud SQL {host.removeprefix(CLOUD_SQL_FOLDER)}"
    elif url.port not in (None, DEFAULT_PORT):
        host = f"{host}:{url.port}"
    return f"PostgreSQL {host}, database {url.database}"


def _postgresql_url(environ: Mapping[str, str]) -> URL:
    instance = environ.get("DB_INSTANCE_CONNECTION_NAME")
    host = environ.get("DB_HOST")
    needs_no_password = switch(environ, "DB_PASSWORDLESS", default=False)
    missing = [key for key in NEEDED if not environ.get(key)]
    if needs_no_password and "DB_PASSWORD" in missing:
        missing.remove("DB_PASSWORD")
    if not host and not instance:
        missing.insert(0, "DB_HOST (or DB_INSTANCE_CONNECTION_NAME)")
    if missing:
        found = [key for key in KEYS if environ.get(key)]
        raise SettingsError(
            f"the database is only half configured: {_listed(missing)} not set, "
            f"while {_listed(found)} set. Set all of them, or none for the embedded store"
        )
    port = _port(environ)
    url = URL.create(
        "postgresql+psycopg2",
        username=environ["DB_USER"],
        password=password_of(environ),
        database=environ["DB_NAME"],
        query=tls_options(environ),
    )
    if instance:
        # Cloud Run mounts the instance's socket here; its name stands above a DB_HOST left over
        # from another place.
        return url.update_query_dict({"host": CLOUD_SQL_FOLDER + instance})
    if host and host.startswith("/"):  # the folder of a unix socket
        return url.set(port=port).update_query_dict({"host": host})
    return url.set(host=host, port=port)


def _port(environ: Mapping[str, str]) -> int:
    text = environ.get("DB_PORT") or str(DEFAULT_PORT)
    if not (len(text) <= 5 and text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SettingsError(f"DB_PORT must be a port number from 1 to 65535, but is {text[:40]!r}")
    return int(text)


def _listed(keys: list[str]) -> str:
    return f"{', '.join(keys)} {'is' if len(keys) == 1 else 'are'}"
