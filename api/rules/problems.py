"""What went wrong, as RFC 9457 says it; the one table from our exceptions to statuses."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from feedback.errors import (
    DrawingDeleted,
    RowRefused,
    SettingsError,
    StoreUnavailable,
    WeightsUnknown,
)
from model.errors import BadDrawing, WeightsError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# From the most special to the most general: the first that fits counts.
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (BadDrawing, 422),
    (WeightsUnknown, 404),
    (DrawingDeleted, 410),
    (RowRefused, 409),
    (WeightsError, 503),
    (StoreUnavailable, 503),
    (SettingsError, 503),
)
# What these say may name hosts, users and rules of the database: that is for the log.
IN_OTHER_WORDS: dict[type[Exception], str] = {
    StoreUnavailable: "the store cannot be reached at the moment: try again later",
    SettingsError: "the store is not configured rightly: its operator finds the reason in the log",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# What pydantic says of a body that is no JSON by its Content-Type, such as what curl sends unasked.
OF_FILES = ("GET", "HEAD")
NO_JSON = "expected an object in JSON, sent with `Content-Type: application/json`"
# FastAPI's words for a body whose bytes are no text: broken JSON like any other.
NO_TEXT = "There was an error parsing the body"
BROKEN_JSON = {"type": "json_invalid", "loc": ["body"], "msg": "this is no JSON in UTF-8"}
CUT_OFF = "this request has ended in the middle of its body"
AGAIN_S = 5  # after which it may be worth to ask again


class Problem(HTTPException):
    """A request that is refused, with the sentence that its sender reads."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """more: members of the answer beside type, title, status and detail."""
        super().__init__(status, detail, dict(headers or {}))
        self.more = dict(more or {})


class PlainJSON(JSONResponse):
    """JSON that may repeat words of a request: half a surrogate pair in them is a question mark."""

    def render(self, content: Any) -> bytes:
        """Return the body; such a half has no UTF-8."""
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def problem_of(error: Exception) -> Problem | None:
    """Return what an exception of ours is to whoever asked; None for one that nobody expected."""
    for kind, status in STATUSES:
        if isinstance(error, kind):
            words = IN_OTHER_WORDS.get(kind)
            if words is not None:
                log.warning("%s", error)
            headers = {"Retry-After": str(AGAIN_S)} if status == 503 else None
            return Problem(status, words or str(error), headers=headers)
    return None


def answer_problem(problem: Problem) -> Response:
    """Return the response that says what is wrong."""
    return problem_response(
        problem.status_code, problem.detail, headers=problem.headers, more=problem.more
    )


def problem_response(
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Return a response in the form of RFC 9457."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail, **(more or {})}
    return PlainJSON(body, status, dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI, contract: Collection[str] = ()) -> None:
    """Let every exception that leaves a route become a problem.

    contract: paths whose programs expect `detail` alone, as FastAPI itself answers.
    """
    app.state.contract = frozenset(contract)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind, _ in STATUSES:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if error.detail == NO_TEXT:
        error = Problem(422, in_words([BROKEN_JSON]), more={"errors": [BROKEN_JSON]})
    if not isinstance(error, Problem):
        error = Problem(error.status_code, str(error.detail), headers=error.headers)
    if error.status_code == 405:
        # What no route has is a file of those that are served as they are.
        error.headers = {"Allow": ", ".join(sorted(_methods(request) or OF_FILES))}
    return _answer(request, error)


def _methods(request: Request) -> set[str]:
    """Return what may be asked for at a path, where several routes share it."""
    return {
        method
        for method in METHODS
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }


async def _known(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    assert problem is not None, "it stands in the table"
    return _answer(request, problem)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = plain_errors(error.errors())
    return _answer(request, Problem(422, in_words(errors), more={"errors": errors}))


def _answer(request: Request, problem: Problem) -> Response:
    if request.url.path not in request.app.state.contract:
        return answer_problem(problem)
    more = dict(problem.more)
    detail = more.pop("errors", problem.detail)
    return PlainJSON({"detail": detail, **more}, problem.status_code, problem.headers)


async def _gone(request: Request, error: Exception) -> Response:
    """Answer nobody: who sent half a body and went is no fault of ours for the log."""
    del error
    return _answer(request, Problem(400, CUT_OFF))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_response(500, "something went wrong here: the reason stands in the log")


def plain_errors(errors: Sequence[Any]) -> list[dict[str, Any]]:
    """Return what pydantic found, in JSON, without repeating what was sent."""
    return [
        {
            "type": one["type"],
            "loc": [_plain(part) for part in one["loc"]],
            "msg": _words(one),
        }
        for one in errors
    ]


def _words(one: Mapping[str, Any]) -> str:
    if one["type"] == "value_error":  # a sentence of ours
        return str(one["msg"]).removeprefix("Value error, ")
    if one["type"] != "model_attributes_type":
        return str(one["msg"])
    # A body that nothing has parsed; what was parsed is no object in some place.
    return NO_JSON if isinstance(one.get("input"), bytes) else "expected an object"


def in_words(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return the first of these errors as a sentence."""
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def _plain(part: object) -> str | int:
    return part if isinstance(part, int) else str(part).encode(errors="replace").decode()
