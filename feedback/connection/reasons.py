"""What went wrong with a store, in words for a person."""

from __future__ import annotations

import sqlite3

import psycopg2
from sqlalchemy import exc

from feedback.connection.deadline import DeadlineExceeded, HostUnknown, NotReached
from feedback.connection.login import Code, LoginRefused, PasswordWanted, code_in
from feedback.connection.look import Finding

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
    "28P01": "it refuses the user or password: check DB_USER and DB_PASSWORD",
    "28000": "it does not let DB_USER in from this machine: check DB_USER, and the server's "
    "pg_hba.conf",
    "3D000": "it has no such database: check DB_NAME, or make it with CREATE DATABASE",
    "42P01": NOT_MIGRATED,
    "42703": NOT_MIGRATED,
    "42501": "DB_USER may not do that there: let the owner of the tables run "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO the user in DB_USER",
    "25006": "it is read-only (a copy, or default_transaction_read_only is on): name the server "
    "that takes writes in DB_HOST",
    "53100": "its disk is full",
    "53300": "it has no connection left: raise its max_connections, or let fewer programs in",
    "57014": "it took too long to answer: narrow the filters, or try again later",
    "55P03": "another program holds its tables: try again in a moment",
    "55000": "it takes no connections to this database now: check DB_NAME",
    "08P01": "a connection pooler before it has no connection left: raise its limits (PgBouncer's "
    "default_pool_size, max_db_connections)",
    "57P": "it is starting or shutting down: try again in a moment",
    "53": "it has run out of resources",
    "58": "it reports a failure of its own machine",
    "XX001": "it reports damaged data",
    "XX002": "it reports damaged data",
    "XX": "it, or a connection pooler before it, reports a failure of its own: look at its log",
}
# PgBouncer has one code for all that it refuses a login for.
POOLER_WORDS = (
    "a connection pooler before it turns us away: check DB_USER, DB_PASSWORD and DB_NAME, and the "
    "pooler's limits (PgBouncer's max_client_conn)"
)
# Where one code has several causes, the function of the server's source that gave it tells which.
ROUTINE_WORDS = {
    ("53300", "InitializeSessionUserId"): "DB_USER has no connection left: raise its limit with "
    "ALTER ROLE … CONNECTION LIMIT",
    ("53300", "CheckMyDatabase"): "the database has no connection left: raise its limit with "
    "ALTER DATABASE … CONNECTION LIMIT",
    ("28000", "InitializeSessionUserId"): "it does not know the user, or that user may not log "
    "in: check DB_USER",
    ("28000", "auth_failed"): "it knows DB_USER by something else than a password, and refuses "
    "that: check DB_PASSWORDLESS, and the server's pg_hba.conf",
    ("42501", "CheckMyDatabase"): "DB_USER may not connect to the database: let its owner run "
    "GRANT CONNECT ON DATABASE … TO the user in DB_USER",
}
FINDING_WORDS = {
    Finding.NO_SOCKET: "its socket is not there: is it running? "
    "Check DB_INSTANCE_CONNECTION_NAME or DB_HOST",
    Finding.NO_PERMISSION: "its socket may not be used by this user: check who owns it",
    Finding.NOBODY_THERE: "nothing answers at its address: is it running? "
    "Check DB_HOST and DB_PORT",
    Finding.NO_WAY: "no way leads to its address: check DB_HOST, and the network between",
    Finding.NOT_POSTGRESQL: "what answers at its address is no PostgreSQL: check DB_HOST and "
    "DB_PORT",
    Finding.NO_TLS: "it offers no TLS, which DB_SSLMODE asks for: switch TLS on there, or set "
    "DB_SSLMODE=prefer",
    Finding.TLS_WANTED: "it lets DB_USER in with TLS alone: set DB_SSLMODE=require",
    Finding.TLS_FAILED: "no TLS comes about: look at its log, and at the versions of TLS that it "
    "takes",
    Finding.NO_ROOT: "its certificate cannot be checked: DB_SSLROOTCERT must name a file of "
    "certificates (PEM)",
    Finding.UNKNOWN_ISSUER: "its certificate is signed by nobody in DB_SSLROOTCERT: put the "
    "server's own authority there",
    Finding.WRONG_NAME: "its certificate is for another name than DB_HOST: name the server as its "
    "certificate does, or set DB_SSLMODE=verify-ca",
    Finding.EXPIRED: "its certificate is not valid today: renew it on the server",
    Finding.BROKEN_OFF: "the connection to it broke: try again in a moment; if it stays so, its "
    "log says why",
}
OTHER_ENCODING = (
    "it answers in another encoding than UTF-8: make the database in UTF8, or set the server's "
    "lc_messages to C"
)


def describe(error: Exception) -> str:
    """Return why the store cannot be used, as the rest of a sentence that names it.

    The database's own message stays out: it can repeat a row's values.
    """
    if isinstance(error, exc.TimeoutError):
        return "all its connections are in use: try again in a moment"
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, UnicodeDecodeError):
        return OTHER_ENCODING
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
    if isinstance(error, NotReached):
        return FINDING_WORDS[error.finding]
    if isinstance(error, HostUnknown):
        return "its host name cannot be found: check DB_HOST"
    if isinstance(error, PasswordWanted):
        return "it asks for a password: set DB_PASSWORD, and take DB_PASSWORDLESS away"
    if isinstance(error, LoginRefused):
        code = error.code
        if code.sqlstate == "08P01":
            return POOLER_WORDS
    elif error.pgcode:
        code = Code(error.pgcode, error.diag.source_function or "")
    else:
        code = code_in(str(error).encode()) or Code("")
    sqlstate, routine = code.sqlstate, code.routine
    if (sqlstate, routine) in ROUTINE_WORDS:
        return ROUTINE_WORDS[sqlstate, routine]
    for start, words in SQLSTATE_WORDS.items():
        if sqlstate.startswith(start):
            return words
    if sqlstate:
        return f"it refuses the request (SQLSTATE {sqlstate})"
    return FINDING_WORDS[Finding.BROKEN_OFF]
