"""`POST /v1/read`: drawings in, what they show out; kept where that is wished."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.documentation.read_documentation import BODY, PARAMETERS, RESPONSES
from api.keeping.kept_rows import Kept, keep_all
from api.keeping.store_in_use import StoreInUse
from api.measuring.measures import Measures
from api.reading.readers_in_use import Readers
from api.reading.sent_drawings import sent_drawings
from api.reading.what import WHAT, WRITING
from api.rules.allowances import Allowances
from api.rules.authority import require_token
from api.rules.front_gate import pay
from api.rules.problems import Problem
from api.rules.service_settings import ServiceSettings
from model import BadDrawing, Prediction, Reading
from model.predict import KINDS, prediction_as_object
from model.predict_writing import reading_as_object
from model.writing.reader import ALPHABETS

SWITCHES = {"true": True, "1": True, "false": False, "0": False}


def read_routes(
    settings: ServiceSettings,
    allowances: Allowances,
    readers: Readers,
    store: StoreInUse,
    measures: Measures,
) -> APIRouter:
    """Return the route that reads."""
    routes = APIRouter(tags=["reading"])

    @routes.post(
        "/v1/read",
        responses=RESPONSES,
        openapi_extra={"parameters": PARAMETERS, "requestBody": BODY},
        response_class=Response,
        operation_id="read",
    )
    async def read(request: Request) -> Response:
        """Read pictures or strokes, 1 to 256 of them, as `python -m model.predict --json` does.

        Of one drawing that cannot be read, the answer is 422 with the reason; of several, each has
        its reading or its `error`. Nothing is kept unless `keep=true` asks for it.
        """
        what, alphabet, is_kept = _asked(request)
        visitor: UUID | None = None
        if is_kept:
            visitor = require_token(request.headers, settings)
            store.require()
        sent = await sent_drawings(request)
        pay(request.scope, allowances, len(sent) - 1)
        began_s = time.perf_counter()
        answers: Sequence[Prediction | Reading | BadDrawing]
        if what == WRITING:
            written = await readers.read_writing(alphabet, sent)
            answers, version = written.answers, written.version
        else:
            read = await readers.read(what, sent)
            answers, version = read.answers, read.version
        measures.readings(what, answers)
        _refuse_alone(answers)
        objects = [_object(what, one.name, it) for one, it in zip(sent, answers, strict=True)]
        if visitor is not None:
            took_ms = 1000 * (time.perf_counter() - began_s) / len(sent)
            kept = Kept(visitor, what, alphabet, version, took_ms)
            ids = await run_in_threadpool(keep_all, store.require(), kept, sent, answers)
            for one, drawing_id in zip(objects, ids, strict=True):
                one["id"] = drawing_id
        return _json({"weights": version, "readings": objects})

    return routes


def _asked(request: Request) -> tuple[str, str, bool]:
    """Return what is to be read, in which alphabet, and whether it is to be kept."""
    if not request.scope["query_string"]:
        return "digits", ALPHABETS[0], False
    parameters = request.query_params
    what, alphabet = parameters.get("read", "digits"), parameters.get("alphabet", ALPHABETS[0])
    if what not in WHAT:
        raise Problem(422, f"read is one of {', '.join(WHAT)}")
    if alphabet not in ALPHABETS:
        raise Problem(422, f"alphabet is one of {', '.join(ALPHABETS)}")
    if what != WRITING and "alphabet" in parameters:
        raise Problem(422, "alphabet goes with read=writing")
    keep = SWITCHES.get(parameters.get("keep", "false").lower())
    if keep is None:
        raise Problem(422, "keep is true or false")
    return what, alphabet, keep


def _refuse_alone(answers: Any) -> None:
    if len(answers) == 1 and isinstance(answers[0], BadDrawing):
        raise answers[0]


def _object(what: str, name: str, answer: Any) -> dict[str, Any]:
    if what == WRITING:
        return reading_as_object(name, answer)
    return prediction_as_object(name, answer, KINDS[what])


def _json(content: dict[str, Any]) -> Response:
    return Response(json.dumps(content), media_type="application/json")
