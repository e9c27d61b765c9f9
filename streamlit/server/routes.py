"""The routes that the dashboard's server answers itself, all below its base path."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import config

from access.cookie_tickets import PATH as COOKIE_PATH
from access.operator_link import PATH, operator_link
from base_path import base_path
from browser.browser_code import PATH as MODULES_PATH
from server.announcement import has_operator_link
from server.browser_modules import browser_module
from server.cookie_route import cookie
from server.health import healthz, readyz
from server.operator_door import operator_door
from server.reading_route import PATH as READING_PATH
from server.reading_route import reading


def routes() -> list[BaseRoute]:
    """Return the routes of our own; Streamlit's own begin with other words."""
    base = base_path()
    # Whoever probes the process itself, past the proxy, need not know the base path.
    probed = [Route(f"{b}/{p.__name__}", p) for b in sorted({"", base}) for p in (healthz, readyz)]
    return [
        *probed,
        Route(f"{base}{PATH}", operator, methods=["GET", "POST"]),
        Route(f"{base}{READING_PATH}", reading, methods=["POST"]),
        Route(f"{base}{MODULES_PATH}/{{digest}}/{{name}}.js", browser_module),
        Route(f"{base}{COOKIE_PATH}", cookie, methods=["POST"]),
    ]


async def operator(request: Request) -> Response:
    """Let in whoever has the link of the terminal, where there is one."""
    if not await to_thread.run_sync(has_operator_link):
        return PlainTextResponse("Not Found", status_code=404)
    port = int(config.get_option("server.port"))  # as it is now: 0 becomes one when it is bound
    return await operator_door(request, operator_link(), port)
