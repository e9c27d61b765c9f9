"""Gives every browser that loads a page a secret of its own, in a cookie, and renews it.

It comes with the page itself: the page's socket is opened afterwards and brings it along, so that
the very first session knows its visitor already.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.browser_cookies import came_by_tls
from access.operator_link import PATH as OPERATOR
from access.visitor import cookie_of, forgotten, new_secret, secret_in, visitor_of
from base_path import base_path

# First parts of paths that are never a page: Streamlit's own, and our one route that is HTML.
NO_PAGES = {"_stcore", "static", "component", "media", "app", OPERATOR.strip("/")}
CONDITIONS = (b"if-none-match", b"if-modified-since")


class VisitorCookie:
    """ASGI middleware that adds the cookie to pages, and to nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does; a page brings its visitor's cookie with it."""
        if scope["type"] != "http" or scope["method"] != "GET" or not is_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        line = _line_for(scope).encode("latin-1")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    # What carries a secret is kept by no cache, a browser's own neither: there
                    # it would come back with an answer that sets no cookie.
                    headers["Cache-Control"] = "no-store"
                    del headers["etag"], headers["last-modified"]
                    message["headers"].append((b"set-cookie", line))
            await send(message)

        asked = [(name, value) for name, value in scope["headers"] if name not in CONDITIONS]
        await self._app({**scope, "headers": asked}, receive, send_with_cookie)


def is_page(path: str) -> bool:
    """Tell whether a path, base path included, can be that of a page; others have no visitor."""
    base = base_path()
    below = path[len(base) :]
    if not path.startswith(base) or (below and not below.startswith("/")):
        return False
    first, last = below.split("/")[1:2], below.rpartition("/")[2]
    return first not in ([name] for name in NO_PAGES) and ("." not in last or last == "index.html")


def _line_for(scope: Scope) -> str:
    """Return the cookie for whoever asks: the secret that they have, or a new one."""
    headers = Headers(scope=scope)
    host = headers.get("host")
    secret = secret_in(headers.getlist("cookie"), host)
    if secret is None or visitor_of(secret) in forgotten():
        secret = new_secret()
    is_tls = came_by_tls(scope["scheme"], headers.get("x-forwarded-proto"))
    return cookie_of(secret).line(host, base_path(), is_tls=is_tls)
