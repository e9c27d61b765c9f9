"""The routes that the dashboard's server answers itself, all below its base path."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from server.base_path import base_path
from server.reading_route import PATH, reading


def routes() -> list[BaseRoute]:
    """Return the routes of our own; Streamlit's own begin with other words."""
    base = base_path()
    return [
        Route(f"{base}/healthz", healthz),
        Route(f"{base}{PATH}", reading, methods=["POST"]),
    ]


async def healthz(_request: object) -> PlainTextResponse:
    """Say that the process answers."""
    return PlainTextResponse("ok")
