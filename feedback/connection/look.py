"""A look at the address of a server that libpq did not reach, to say why without libpq's words."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
USUAL_ROOT = Path("~/.postgresql/root.crt")  # libpq's own default
WRONG_NAME = (62, 64)  # OpenSSL's codes of what is wrong with a certificate
EXPIRED = (9, 10)


class Finding(Enum):
    """What stands in the way to a server; `reasons` has the sentence for each."""

    NO_SOCKET = "no socket"
    NO_PERMISSION = "no permission"
    NOBODY_THERE = "nobody there"
    NO_WAY = "no way"
    NOT_POSTGRESQL = "not PostgreSQL"
    NO_TLS = "no TLS"
    TLS_WANTED = "TLS wanted"
    TLS_FAILED = "TLS failed"
    NO_ROOT = "no root certificates"
    UNKNOWN_ISSUER = "unknown issuer"
    WRONG_NAME = "wrong name"
    EXPIRED = "expired"
    BROKEN_OFF = "broken off"


def look(parameters: dict[str, Any], limit_s: float) -> Finding:
    """Return what is found at the address that psycopg2's parameters name; takes `limit_s` at most.

    Whatever is asked there is asked before any login: no name and no password is sent.
    """
    mode = str(parameters.get("sslmode") or "prefer")
    try:
        with _reached(parameters, limit_s) as connection:
            if connection.family != socket.AF_INET and connection.family != socket.AF_INET6:
                return Finding.BROKEN_OFF
            connection.sendall(SSL_REQUEST)
            reply = connection.recv(1)
            if reply == b"N":
                wanted = mode == "require" or mode.startswith("verify")
                return Finding.NO_TLS if wanted else Finding.BROKEN_OFF
            if reply == b"S":
                return _certificate(connection, parameters, mode)
            return Finding.NOT_POSTGRESQL if reply else Finding.BROKEN_OFF
    except FileNotFoundError:
        return Finding.NO_SOCKET
    except PermissionError:
        return Finding.NO_PERMISSION
    except ConnectionRefusedError:
        return Finding.NOBODY_THERE
    except ConnectionError:
        return Finding.BROKEN_OFF
    except OSError:
        return Finding.NO_WAY


@contextmanager
def _reached(parameters: dict[str, Any], limit_s: float) -> Iterator[socket.socket]:
    host, port = str(parameters.get("host") or ""), int(parameters.get("port") or 5432)
    address = parameters.get("hostaddr")
    if address is None:
        if not hasattr(socket, "AF_UNIX"):
            raise FileNotFoundError(host)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(limit_s)
            connection.connect(f"{host}/.s.PGSQL.{port}")
            yield connection
        return
    with socket.create_connection((address, port), timeout=limit_s) as connection:
        yield connection


def _certificate(connection: socket.socket, parameters: dict[str, Any], mode: str) -> Finding:
    """Return what is wrong with the server's certificate, by a handshake as libpq makes it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = mode == "verify-full"
    root = parameters.get("sslrootcert")
    if not mode.startswith("verify") and not root:
        context.verify_mode = ssl.CERT_NONE
    elif root == "system":
        context.load_default_certs()
    else:
        try:
            context.load_verify_locations(Path(root or USUAL_ROOT).expanduser())
        except (OSError, ssl.SSLError):
            return Finding.NO_ROOT
    try:
        with context.wrap_socket(connection, server_hostname=str(parameters["host"])):
            return Finding.BROKEN_OFF
    except ssl.SSLCertVerificationError as error:
        if error.verify_code in WRONG_NAME:
            return Finding.WRONG_NAME
        return Finding.EXPIRED if error.verify_code in EXPIRED else Finding.UNKNOWN_ISSUER
    except (ssl.SSLError, ConnectionError):
        return Finding.TLS_FAILED
