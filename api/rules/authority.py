"""Who may change what is served or kept, and see what others drew: whoever knows the token."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from uuid import UUID

from starlette.datastructures import Headers

from api.rules.problems import Problem
from api.rules.service_settings import ServiceSettings

NEEDS_TOKEN = (
    "this changes what is served or kept, or shows what others drew, and needs a token: the "
    "service's operator sets API_TOKEN, and a request sends `Authorization: Bearer <token>`"
)
NOT_FROM_HERE = (
    "without API_TOKEN, training is open to programs of this machine alone: to a service that "
    "listens on loopback, from requests with a loopback Host and no Origin. Set API_TOKEN, and "
    "send `Authorization: Bearer <token>`"
)
WRONG = "this token is not the service's: send `Authorization: Bearer <token>`"
MISSING = "this needs the service's token: send `Authorization: Bearer <token>`"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="inkling"'}
# A proxy on this machine would make a stranger's request look like one of this machine.
FORWARDED = ("forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "via")
FORWARDED_BY_PREFIX = "x-forwarded-"
# Told apart from a visitor of the dashboard, whose secret has another form.
VISITOR = "api token: "


def has_token(headers: Mapping[str, str], settings: ServiceSettings) -> bool:
    """Return whether a request has sent the service's token, compared in constant time."""
    if settings.token is None:
        return False
    scheme, _, given = headers.get("authorization", "").partition(" ")
    is_equal = hmac.compare_digest(_digest(given.strip()), _digest(settings.token))
    return scheme.lower() == "bearer" and is_equal


def require_token(headers: Mapping[str, str], settings: ServiceSettings) -> UUID:
    """Return who a request with the token is to the rules of learning; raise `Problem` without."""
    if settings.token is None:
        raise Problem(403, NEEDS_TOKEN)
    _check(headers, settings)
    return visitor_of_token(settings.token)


def require_trainer(headers: Headers, settings: ServiceSettings) -> None:
    """Return where a request may start or end a training; raise `Problem` where it may not."""
    if settings.token is not None:
        _check(headers, settings)
    elif settings.trusted_proxies or not (settings.is_on_loopback and _is_of_this_machine(headers)):
        raise Problem(403, NOT_FROM_HERE)


def visitor_of_token(token: str) -> UUID:
    """Return the one visitor that a token stands for; the token cannot be worked out from it."""
    return UUID(bytes=_digest(VISITOR + token)[:16])


def _check(headers: Mapping[str, str], settings: ServiceSettings) -> None:
    if not has_token(headers, settings):
        is_sent = "authorization" in headers
        raise Problem(401, WRONG if is_sent else MISSING, headers=CHALLENGE)


def _is_of_this_machine(headers: Headers) -> bool:
    hosts = headers.getlist("host")
    if len(hosts) != 1 or "origin" in headers:
        return False
    if any(name in FORWARDED or name.startswith(FORWARDED_BY_PREFIX) for name in headers):
        return False
    return is_loopback(_without_port(hosts[0]))


def is_loopback(host: str) -> bool:
    """Return whether a name or an address, without brackets, is this machine's own."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
