"""Takes the ticket of a page's session, and sets the cookies that it stands for."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from access.browser_cookies import came_by_tls
from access.cookie_tickets import cookie_tickets
from base_path import base_path

LONGEST = 1024  # bytes; ours has some 60
FRESH = {"Cache-Control": "no-store"}


async def cookie(request: Request) -> Response:
    """Return whether cookies were set, or taken away, for the ticket in {"ticket": "..."}.

    A ticket is known to the page that it was made for alone. Pages of other sites get no further
    than `guards.same_origin`, and no form can send this type. 415 and 413 for what is no such
    request; a ticket that is not good (any more) sets nothing.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return JSONResponse({"error": "expected application/json"}, 415, FRESH)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return JSONResponse({"error": f"at most {LONGEST:,} bytes"}, 413, FRESH)
    ordered = cookie_tickets().redeem(_ticket_in(body))
    answer = JSONResponse({"set": bool(ordered)}, headers=FRESH)
    is_tls = came_by_tls(request.url.scheme, request.headers.get("x-forwarded-proto"))
    for one in ordered:
        line = one.line(request.headers.get("host"), base_path(), is_tls=is_tls)
        answer.headers.append("set-cookie", line)
    return answer


def _ticket_in(body: bytes) -> object:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return asked.get("ticket") if isinstance(asked, dict) else None
