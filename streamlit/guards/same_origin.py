"""Requests that change something or open a session come from our own pages, or from no browser.

Streamlit asks for a cookie that a page repeats in a header. In a frame of another site no browser
sends that cookie, and uploads failed there. A browser says itself where a request comes from, in
headers that no page can forge; that is checked here, and stands in for the cookie.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FOREIGN = "This address takes requests from its own pages only.\n"


class SameOrigin:
    """ASGI middleware that turns away what another site's page asks for."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from our own pages or from no browser; refuse the rest with 403."""
        if scope["type"] == "websocket":
            if comes_from_elsewhere(Headers(scope=scope)):
                await receive()  # the handshake
                await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
                return
        elif scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers = Headers(scope=scope)
            if comes_from_elsewhere(headers):
                answer = PlainTextResponse(FOREIGN, status_code=403)
                await answer(scope, receive, send)
                return
            if "origin" in headers:
                scope = _with_token(scope)
        await self.app(scope, receive, send)


def comes_from_elsewhere(headers: Headers) -> bool:
    """Tell whether a browser says that a page of another origin sent this.

    Programs that are no browser send no Origin; they carry nobody's cookies either.
    """
    origin = headers.get("origin")
    if origin is None:
        return False
    if origin in (config.get_option("server.corsAllowedOrigins") or []):
        return False
    return urlsplit(origin).netloc != headers.get("host")


def _with_token(scope: Scope) -> Scope:
    """Return the request with a cookie and a header that Streamlit's own check accepts."""
    token = generate_xsrf_token_string()
    changed: Scope = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=changed)
    headers["x-xsrftoken"] = token
    others = [
        part
        for part in headers.get("cookie", "").split("; ")
        if part and not part.startswith(f"{XSRF_COOKIE_NAME}=")
    ]
    headers["cookie"] = "; ".join((*others, f"{XSRF_COOKIE_NAME}={token}"))
    return changed
