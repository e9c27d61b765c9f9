"""Reads strokes while they are drawn, for the eye alone: nothing is kept."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

PATH = "/reading"  # below the base path
MOST_BYTES = 64 * 1024


class _Refused(Exception):
    """The request is not answered; status and reason say why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


async def reading(request: Request) -> Response:
    """Return what the strokes of a JSON request are read as, in the page's words.

    {"visitor": "...", "strokes": [{"x": [...], "y": [...], "pen": 18}, ...]}, canvas px, at most
    64 KB, from this server's own page. 403 for others, 413 for more, 422 for what is no drawing,
    429 for too many, 503 without a network.
    """
    from drawing.visitors import VISITORS

    try:
        _check_origin(request)
        asked = _parse(await _body(request))
        visitor = asked.get("visitor")
        if not isinstance(visitor, str) or not VISITORS.is_known(visitor):
            raise _Refused(403, "only an open page may ask")
        if not VISITORS.may_ask(visitor):
            raise _Refused(429, "too many readings a second")
        shown = await run_in_threadpool(_read, asked.get("strokes"))
    except _Refused as refusal:
        return JSONResponse({"error": refusal.reason}, refusal.status)
    except ClientDisconnect:
        return Response(status_code=499)
    return JSONResponse(shown, headers={"Cache-Control": "no-store"})


def _read(strokes: object) -> dict[str, object]:
    # Imported late: what reads takes seconds to load, and the server is to answer before that.
    from model.errors import BadDrawing, NoInk, WeightsError
    from model.ink.pen_strokes import check_strokes, picture
    from process.network import recogniser_in_use
    from result.shown_reading import as_problem, in_words

    try:
        return in_words(recogniser_in_use().predict(picture(check_strokes(strokes))))
    except NoInk as nothing:  # as a drawing begins
        return as_problem(str(nothing))
    except BadDrawing as problem:
        raise _Refused(422, str(problem)) from problem
    except WeightsError as problem:
        raise _Refused(503, str(problem)) from problem


def _check_origin(request: Request) -> None:
    """Refuse what another site's page sends: browsers say where a request comes from."""
    headers = request.headers
    site = headers.get("sec-fetch-site")
    if site is not None:  # https, and this machine; it holds behind a proxy too
        is_own = site == "same-origin"
    else:
        host = headers.get("x-forwarded-host") or headers.get("host")
        is_own = urlsplit(headers.get("origin", "")).netloc == host
    if not is_own:
        raise _Refused(403, "only this server's own page may ask")
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise _Refused(415, "expected application/json")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise _Refused(413, f"at most {MOST_BYTES:,} bytes")
    return body


def _parse(body: bytes) -> dict[str, object]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Refused(422, "expected JSON") from error
    if not isinstance(asked, dict):
        raise _Refused(422, "expected an object")
    return asked
