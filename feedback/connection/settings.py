"""Which store the configuration names."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import URL

from environment import ROOT, project_path
from feedback.connection.credentials import SWITCHES, password_of, switch, tls_options
from feedback.errors import SettingsError

__all__ = ["NOT_CONFIGURED", "SettingsError", "StoreSettings", "place_of", "read_settings"]

DEFAULT_PORT = 5432
MOST_DAYS = 36_500
NOT_CONFIGURED = "not kept: no database is configured"
DEFAULT_EMBEDDED_STORE = "var/feedback.sqlite3"
NEEDED = ("DB_NAME", "DB_USER", "DB_PASSWORD")
KEYS = (
    *("DB_HOST", "DB_PORT", "DB_INSTANCE_CONNECTION_NAME", *NEEDED),
    *("DB_PASSWORDLESS", "DB_SSLMODE", "DB_SSLROOTCERT"),
)
CLOUD_SQL_FOLDER = "/cloudsql/"
NOT_READ = "DATABASE_URL"  # what many other programs and platforms name their database in
# A name in DNS, an IPv4 address, or several of them: nothing that an address is made of besides.
HOST = re.compile(r"[\w.-]+(,[\w.-]+)*")


@dataclass(frozen=True)
class StoreSettings:
    """Where drawings and answers are kept.

    place: the words that the operator and the log see. url: None when nothing is kept; its text
    form hides the password. keep_days: after how many days drawings are deleted; None: never.
    """

    kind: Literal["postgresql", "sqlite", "none"]
    url: URL | None
    place: str
    migrate_at_start: bool = True
    keep_days: int | None = None


def read_settings(environ: Mapping[str, str]) -> StoreSettings:
    """Return the store that the settings name, or raise `SettingsError` with the keys to correct.

    environ: as `environment.read_environment` returns it. Any DB_ key means PostgreSQL, and then
    all that it needs must be there; none means the embedded SQLite file of EMBEDDED_STORE, or no
    store at all where that is `off`.
    """
    usual = (switch(environ, "MIGRATE_AT_START", default=True), _keep_days(environ))
    if any(environ.get(key) for key in KEYS if key != "DB_PASSWORDLESS") or switch(
        environ, "DB_PASSWORDLESS", default=False
    ):
        url = _postgresql_url(environ)
        return StoreSettings("postgresql", url, place_of(url), *usual)
    embedded = (environ.get("EMBEDDED_STORE") or "").strip()
    is_on = SWITCHES.get(embedded.lower())
    if environ.get(NOT_READ) and (not embedded or is_on is False):
        raise SettingsError(
            f"{NOT_READ} is set, which Inkling does not read: put its parts into DB_HOST, DB_PORT, "
            "DB_NAME, DB_USER and DB_PASSWORD, or name a file in EMBEDDED_STORE"
        )
    if is_on is False:
        return StoreSettings("none", None, NOT_CONFIGURED, *usual)
    path = _embedded_file("" if is_on else embedded)
    url = URL.create("sqlite+pysqlite", database=str(path))
    return StoreSettings("sqlite", url, place_of(url), *usual)


def _embedded_file(text: str) -> Path:
    """Return the SQLite file that EMBEDDED_STORE names, the usual one where it is empty.

    Raises SettingsError for what cannot become one, before the first drawing finds out. Only the
    usual file's folder is made by the program itself: another may be a disk that is not there.
    """
    shown = _shown(text)
    usual = project_path(DEFAULT_EMBEDDED_STORE)
    path = project_path(text) if text else usual
    try:
        if "\0" in text:
            raise ValueError("a zero byte in the name")
        if text.startswith("~"):
            Path(text).expanduser()
        if path.is_dir():
            raise SettingsError(f"EMBEDDED_STORE must name a file, but {shown} is a folder")
        if path.exists() and not path.is_file():
            raise SettingsError(f"EMBEDDED_STORE must name a file, but {shown} is a device or pipe")
        if path != usual and not path.parent.is_dir():
            raise SettingsError(
                f"EMBEDDED_STORE is {shown}, but the folder {_shown(str(path.parent))} does "
                "not exist: make it, or correct the path"
            )
    except SettingsError:  # a ValueError, too
        raise
    except RuntimeError as error:
        raise SettingsError(
            f"EMBEDDED_STORE is {shown}, but this machine does not know whose home that is: "
            "write the path in full"
        ) from error
    except (OSError, ValueError) as error:  # too long a name, or one with a zero byte in it
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            f"EMBEDDED_STORE is {shown}, which cannot be a file: {reason}"
        ) from error
    # SQLite writes beside its file, too. The folder may have to be made: the nearest that exists.
    folder = next(folder for folder in path.parents if folder.is_dir())
    for place in (folder, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise SettingsError(
                f"EMBEDDED_STORE is {shown or DEFAULT_EMBEDDED_STORE}, but this user may not write "
                f"to {_shown(str(place))}: change its permissions or the path, or set it to "
                "off"
            )
    return path


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
    if not instance:
        host = _host(environ["DB_HOST"])
    for key in ("DB_NAME", "DB_INSTANCE_CONNECTION_NAME"):
        # libpq takes a database's name of that kind for a whole address, password included.
        if any(part in environ.get(key, "") for part in ("://", "=", "@")):
            raise SettingsError(f"{key} must be a name alone, not an address")
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


def _host(text: str) -> str:
    """Return the host that DB_HOST names; refuse all else without repeating it.

    What is put there by mistake is most often an address with a password in it.
    """
    if text.startswith("/") and "@" not in text:  # the folder of a unix socket
        return text
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.IPv6Address(bare))
    except ValueError:
        pass
    if HOST.fullmatch(text):
        return text
    alone = "a host's name, an IP address or a socket's folder alone"
    if "://" in text:
        raise SettingsError(
            f"DB_HOST holds a URL, but takes {alone}: put the URL's parts into DB_HOST, DB_PORT, "
            "DB_NAME, DB_USER and DB_PASSWORD"
        )
    if "@" in text:
        raise SettingsError(
            f"DB_HOST holds a user, but takes {alone}: the user belongs into DB_USER, the password "
            "into DB_PASSWORD"
        )
    if re.search(r":\d*$", text):
        raise SettingsError(f"DB_HOST holds a port, but takes {alone}: it belongs into DB_PORT")
    raise SettingsError(f"DB_HOST takes {alone}")


def _port(environ: Mapping[str, str]) -> int:
    text = environ.get("DB_PORT") or str(DEFAULT_PORT)
    if not (len(text) <= 5 and text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SettingsError("DB_PORT must be a port number from 1 to 65535")
    return int(text)


def _keep_days(environ: Mapping[str, str]) -> int | None:
    text = (environ.get("KEEP_DAYS") or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST_DAYS):
        raise SettingsError(
            f"KEEP_DAYS must be a number of days from 1 to {MOST_DAYS:,}; without it drawings are "
            "kept until somebody deletes them"
        )
    return int(text)


def _shown(text: str) -> str:
    """Return a value on one line of bearable length, whatever it holds."""
    short = text if len(text) <= 200 else f"{text[:200]}…"
    return short if short.isprintable() else repr(short)


def _listed(keys: list[str]) -> str:
    return f"{', '.join(keys)} {'is' if len(keys) == 1 else 'are'}"
