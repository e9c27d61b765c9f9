"""Puts the address that a request really comes from where everyone looks for it."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from serving.connections.addresses import client_address


class RealClient:
    """Sets `scope["client"]`, what `request.client` and `st.context.ip_address` are read from."""

    def __init__(self, app: ASGIApp, trusted_proxies: int) -> None:
        """Wrap `app`; trusted_proxies: how many proxies of ours a request passes."""
        self._app = app
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its client's address."""
        if scope["type"] in ("http", "websocket"):
            scope["client"] = (client_address(scope, self._trusted_proxies), 0)
        await self._app(scope, receive, send)
