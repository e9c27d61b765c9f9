"""Security headers on every answer of the server.

The policy is as strict as Streamlit's pages can live with: its page has scripts in its text, code
of components comes as `blob:`, and Vega, which draws some of its charts, compiles expressions:
where scripts in the text are allowed, refusing to compile would protect nothing. Nothing is fetched
from other hosts, and nothing can be sent there.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


class SecurityHeaders:
    """ASGI middleware that adds the headers.

    embedding: the origins that may show the pages in a frame of theirs (`https://host[:port]`);
    without any, nobody but the dashboard itself.
    """

    def __init__(self, app: ASGIApp, embedding: Sequence[str] = ()) -> None:
        """Work out the headers once; they are the same on every answer."""
        self.app = app
        ancestors = " ".join(("'self'", *embedding))
        policy = "; ".join(f"{name} {value}" for name, value in POLICY.items())
        self.headers = {
            "Content-Security-Policy": f"{policy}; frame-ancestors {ancestors}",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        if not embedding:  # this older header knows no list of origins
            self.headers["X-Frame-Options"] = "SAMEORIGIN"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)  # a page of ours may have a stricter policy
            await send(message)

        await self.app(scope, receive, send_with_headers)
