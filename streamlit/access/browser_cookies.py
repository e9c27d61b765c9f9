"""Cookies that this server gives to browsers: their names, what is read of them, their flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

OPERATOR_NAME = "inkling_operator_name"  # the kind of the cookie that remembers a typed name
PORT = re.compile(r":([0-9]{1,5})\Z")


@dataclass(frozen=True)
class Cookie:
    """A cookie as a browser is to keep it; no script of a page ever sees it.

    kind: what it is for, the beginning of its name. value: letters, digits and `-_.`; None takes
    the cookie away. same_site: `Lax` comes along when a link of another site is followed, `Strict`
    does not.
    """

    kind: str
    value: str | None
    same_site: Literal["Lax", "Strict"]
    max_age_s: int = 0

    def line(self, host: str | None, path: str, *, is_tls: bool) -> str:
        """Return the value of `Set-Cookie`.

        host: the `Host` of the request; path: below which it is sent back; is_tls: whether the
        browser came by HTTPS, and is never to send it by anything else.
        """
        max_age_s = 0 if self.value is None else self.max_age_s
        return (
            f"{cookie_name(self.kind, host)}={self.value or ''}; Path={path or '/'}; "
            f"Max-Age={max_age_s}; HttpOnly; SameSite={self.same_site}"
        ) + ("; Secure" if is_tls else "")


def cookie_name(kind: str, host: str | None) -> str:
    """Return a cookie's name at a `Host`: browsers tell hosts apart, but not the ports of one.

    The port is the one that the browser itself asked for, so that servers behind one proxy agree.
    """
    port = PORT.search(host or "")
    return f"{kind}_{port[1]}" if port else kind


def values_of(headers: Iterable[str], name: str) -> Iterator[str]:
    """Yield each value that a browser sends for a cookie, that of the longest path first.

    headers: each `Cookie` of the request.
    """
    for header in headers:
        for part in header.split(";"):
            key, _, value = part.partition("=")
            if key.strip() == name:
                yield value.strip()


def came_by_tls(scheme: str, forwarded: str | None) -> bool:
    """Return whether a browser came by HTTPS, at least to a proxy in front.

    scheme: of the connection; forwarded: the request's `X-Forwarded-Proto`.
    """
    return scheme == "https" or (forwarded or "").split(",")[0].strip().lower() == "https"
