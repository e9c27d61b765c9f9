"""What went wrong with a store, in words for a person."""

from __future__ import annotations

import re
import sqlite3

import psycopg2
from sqlalchemy import exc

from feedback.connection.deadline import DeadlineExceeded

SQLITE_WORDS = {
    "SQLITE_FULL": "its disk is full: free some space and try again",
    "SQLITE_READONLY": "its file or folder cannot be written to: check who owns it",
    "SQLITE_CANTOPEN": "its file cannot be opened: check that the folder is there and writable, "
    "or name another file in EMBEDDED_STORE",
    "SQLITE_NOTADB": "its file is not a database: move it away, "
    "or name another file in EMBEDDED_STORE",
    "SQLITE_CORRUPT": "its file is damaged: move it away (a new one is made at the next start), "
    "or restore it from a backup",
    "SQLITE_BUSY": "another program holds its file: try again in a moment",
    "SQLITE_LOCKED": "another program holds its file: try again in a moment",
    "SQLITE_IOERR": "its file cannot be read or written: check the disk",
    "SQLITE_PERM": "its file cannot be opened: check who owns it",
}
NOT_MIGRATED = "its tables are missing or old: run `python -m feedback.migrate`"
# By SQLSTATE, the most exact first: https://www.postgresql.org/docs/current/errcodes-appendix.html
SQLSTATE_WORDS = {
    "42P01": NOT_MIGRATED,
    "42703": NOT_MIGRATED,
    "42501": "DB_USER may not do that there: grant it the rights on the tables",
    "25006": "it accepts no writes now (a read-only copy?)",
    "53100": "its disk is full",
    "53300": "it has no connection left: try again in a moment",
    "57014": "it took too long to answer: narrow the filters, or try again later",
    "55P03": "another program holds its tables: try again in a moment",
    "57P": "it is starting or shutting down: try again in a moment",
    "53": "it has run out of resources",
    "58": "it reports a failure of its own machine",
    "XX": "it reports damaged data",
}
# libpq reports a failed login as text only.
TEXT_WORDS = {
    r"password authentication failed": "it refuses the user or password: "
    "check DB_USER and DB_PASSWORD",
    r"no password supplied": "it asks for a password: set DB_PASSWORD",
    r"no pg_hba.conf entry": "it does not let DB_USER in from this machine",
    r'role ".*" does not exist': "it does not know the user: check DB_USER",
    r'database ".*" does not exist': "it has no such database: check DB_NAME",
    r"too many clients|connection slots": SQLSTATE_WORDS["53300"],
    r"starting up|shutting down|recovery mode": SQLSTATE_WORDS["57P"],
    r"translate host name": "its host name cannot be found: check DB_HOST",
    r"Connection refused": "nothing answers at its address: is it running? "
    "Check DB_HOST and DB_PORT",
    r"No such file or directory": "its socket is not there: is it running? "
    "Check DB_INSTANCE_CONNECTION_NAME or DB_HOST",
    r"FATAL": "it refuses the connection: check DB_USER, DB_PASSWORD and DB_NAME",
}


def describe(error: Exception) -> str:
    """Return why the store cannot be used, as the rest of a sentence that names it.

    The database's own message stays out: it can repeat a row's values.
    """
    if isinstance(error, exc.TimeoutError):
        return "all its connections are in use: try again in a moment"
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _sqlite(cause)
    if isinstance(cause, DeadlineExceeded):
        return "it did not answer in time"
    if isinstance(cause, psycopg2.Error):
        return _postgresql(cause)
    if isinstance(cause, OSError):
        return (
            f"its folder cannot be used ({cause.strerror}): check who owns it, or name another "
            "file in EMBEDDED_STORE"
        )
    return f"it failed ({type(cause).__name__})"


def _sqlite(error: sqlite3.Error) -> str:
    name: str = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_ERROR" and "no such" in str(error):
        return NOT_MIGRATED
    for start, words in SQLITE_WORDS.items():
        if name.startswith(start):
            return words
    return f"it failed ({name or type(error).__name__})"


def _postgresql(error: psycopg2.Error) -> str:
    for start, words in SQLSTATE_WORDS.items():
        if (error.pgcode or "").startswith(start):
            return words
    if error.pgcode:
        return f"it refuses the request (SQLSTATE {error.pgcode})"
    for part, words in TEXT_WORDS.items():
        if re.search(part, str(error)):
            return words
    return "the connection to it broke: try again in a moment"
