"""The routes that the dashboard's server answers itself, all below its base path."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from streamlit import config

from access.operator_link import PATH, operator_link
from server.announcement import has_operator_link
from server.base_path import base_path
from server.health import healthz, readyz
from server.operator_door import operator_door


def routes() -> list[BaseRoute]:
    """Return the routes of our own; Streamlit's own begin with other words."""
    base = base_path()
    # Whoever probes the process itself, past the proxy, need not know the base path.
    own: list[BaseRoute] = [
        Route(f"{b}/{p.__name__}", p) for b in sorted({"", base}) for p in (healthz, readyz)
    ]
    if has_operator_link():
        own.append(Route(f"{base}{PATH}", operator, methods=["GET", "POST"]))
    return own


async def operator(request: Request) -> Response:
    """Let in whoever has the link of the terminal."""
    port = int(config.get_option("server.port"))  # as it is now: 0 becomes one when it is bound
    return await operator_door(request, operator_link(), port)
