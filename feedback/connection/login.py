"""Why PostgreSQL, or a pooler before it, did not let us in: by code, never by its words.

Words come in the language of the server, or of the machine's libpq, and in an encoding that nobody
announces. Of a login, and of a connection that the other side ends, psycopg2 passes on nothing but
words; so libpq is asked to write the code among them, and the place in the server's source, which
are the same everywhere.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg2
from psycopg2 import _psycopg, extensions

VERBOSE = 2  # of libpq's PGVerbosity
# `FATAL:  28P01: words`, and later `LOCATION:  auth_failed, auth.c:317`, each label translated.
CODE = re.compile(rb":  (?=[0-9A-Z]*[0-9])([0-9A-Z]{5}): ")
PLACE = re.compile(rb"\s(\w+), \w+\.c:\d+")
# Not a word of why: another try of libpq in the same login, without TLS, may know more.
VAGUE = "28000"


@dataclass(frozen=True)
class Code:
    """What a server said when it turned a login away."""

    sqlstate: str
    routine: str = ""  # the function of its source that said so; "" where a pooler did


class LoginRefused(psycopg2.OperationalError):
    """The server was reached and turned the login away."""

    def __init__(self, code: Code) -> None:
        """Keep the code, and none of the server's words."""
        super().__init__(f"SQLSTATE {code.sqlstate} {code.routine}".rstrip())
        self.code = code


class PasswordWanted(psycopg2.OperationalError):
    """The server asks for a password, and there is none to give."""


def ask_for_codes(connection: extensions.connection) -> None:
    """Let libpq's words about this connection hold the server's code, from its login to its end."""
    library = _libpq()
    if library is not None:
        library.PQsetErrorVerbosity(connection.pgconn_ptr, VERBOSE)


def refusal(connection: extensions.connection, error: Exception) -> Exception:
    """Return what an error during the login means; itself where the server gave no code.

    error: psycopg2's, or a UnicodeDecodeError where its words are not in UTF-8.
    """
    words = error.object if isinstance(error, UnicodeDecodeError) else str(error).encode()
    code = code_in(words)
    if code is not None:
        return LoginRefused(code)
    needs_password = getattr(_libpq(), "PQconnectionNeedsPassword", None)
    if needs_password and needs_password(ctypes.c_void_p(connection.pgconn_ptr)):
        return PasswordWanted("the server asks for a password")
    if isinstance(error, UnicodeDecodeError):
        return psycopg2.OperationalError("the server answers in another encoding than UTF-8")
    return error


def code_in(words: bytes) -> Code | None:
    """Return the most telling code in libpq's words; None where there is none."""
    parts = CODE.split(words)
    codes = []
    for sqlstate, rest in zip(parts[1::2], parts[2::2], strict=True):
        place = PLACE.search(rest)
        codes.append(Code(sqlstate.decode(), place[1].decode() if place else ""))
    return next((code for code in codes if code.sqlstate != VAGUE), codes[0] if codes else None)


@cache
def _libpq() -> Any:
    """Return the libpq that psycopg2 is linked to; None where it hides it."""
    try:
        library = ctypes.CDLL(_psycopg.__file__)
        library.PQsetErrorVerbosity.argtypes = [ctypes.c_void_p, ctypes.c_int]
    except (OSError, AttributeError):
        return None
    return library
