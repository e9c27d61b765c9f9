"""The route from which browsers fetch the page's own JavaScript."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from browser.browser_code import digest, modules


async def browser_module(request: Request) -> Response:
    """Return one module, to be kept for good under its digest."""
    content = modules().get(request.path_params["name"])
    if content is None:
        return PlainTextResponse("Not Found", status_code=404)
    # Of another version than ours, as while versions change behind a proxy: it works, for now.
    is_ours = request.path_params["digest"] == digest()
    keep = "public, max-age=31536000, immutable" if is_ours else "no-store"
    return Response(content, media_type="text/javascript", headers={"Cache-Control": keep})
