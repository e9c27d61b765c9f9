"""`/v1/drawings`: what is kept, for the operator's programs; and the answers of who kept it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, StreamingResponse

from api.keeping.kept_readings import say
from api.keeping.rows_as_json import drawing_as_object, export_lines, next_page, read_cursor
from api.keeping.store_in_use import StoreInUse
from api.measuring.measures import Measures
from api.routes.documented import ANSWER, TOKEN, answers, object_of, refusals
from api.routes.filters_asked import filters_asked
from api.rules.authority import require_token
from api.rules.problems import Problem
from api.rules.service_settings import ServiceSettings
from feedback.store import NOT_A_DIGIT, Filters, list_drawings

MOST = 500  # drawings of a page
NDJSON = "application/x-ndjson"
NO_CURSOR = "before is what `next` of an earlier page said"
TEXT, TEXT_OR_NULL = {"type": "string"}, {"type": ["string", "null"]}
DRAWING = object_of(
    {
        "id": {"type": "string", "format": "uuid"},
        "session": {**TEXT, "description": "Who drew it: a word that leads back to nobody."},
        "created_at": {"type": "string", "format": "date-time"},
        "source": {"type": "string", "enum": ["canvas", "upload", "api"]},
        "weights_version": TEXT,
        "revision": {"type": "integer"},
        "predicted": {"type": "integer", "minimum": 0, "maximum": 9},
        "is_digit": {"type": "boolean"},
        "confidence": {"type": "number"},
        "probabilities": {"type": "array", "items": {"type": "number"}},
        "answer": ANSWER,
        "verdict": TEXT_OR_NULL,
        "answered_at": TEXT_OR_NULL,
        "prediction_ms": {"type": "number"},
        "strokes": {"type": ["array", "null"]},
        "pens_px": {"type": ["array", "null"]},
        "ink_png": {"type": "string", "contentEncoding": "base64"},
    }
)
EXAMPLE: dict[str, Any] = {
    "id": "0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55",
    "session": "5a0f4c1d2e3b4a59",
    "created_at": "2026-01-31T10:00:00+00:00",
    "source": "api",
    "weights_version": "six-conv-1a2b3c4d5e6f",
    "revision": 1,
    "predicted": 7,
    "is_digit": True,
    "confidence": 0.998421,
    "probabilities": [0.0, 0.001, 0.0, 0.0, 0.0, 0.0, 0.0, 0.998, 0.0, 0.001],
    "answer": 7,
    "verdict": "read right",
    "answered_at": "2026-01-31T10:00:05+00:00",
    "prediction_ms": 2.5,
    "strokes": None,
    "pens_px": None,
    "ink_png": "iVBORw0KGgo=",
}
SAID = object_of(
    {
        "id": {"type": "string", "format": "uuid"},
        "answer": ANSWER,
        "outcome": {"type": "string", "enum": ["saved", "overtaken"]},
        "verdict": TEXT_OR_NULL,
    }
)


class AnswerIn(BaseModel):
    """What a drawing's author says that it shows."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"properties": {"answer": ANSWER}, "examples": [{"answer": 7}]},
    )

    answer: Annotated[int, Field(strict=True, ge=0, le=9)] | Literal["not a digit"] | None = Field(
        description="A digit, `not a digit`, or null to take back what was said."
    )


def drawings_routes(settings: ServiceSettings, store: StoreInUse, measures: Measures) -> APIRouter:
    """Return the routes of kept drawings; all of them need the token."""
    routes = APIRouter(prefix="/v1/drawings", tags=["drawings"])
    secured = {"security": TOKEN}

    @routes.get(
        "",
        responses={
            200: answers(
                object_of({"drawings": {"type": "array", "items": DRAWING}, "next": TEXT_OR_NULL}),
                {"drawings": [EXAMPLE], "next": None},
                "A page, newest first; `next` asks for the one after.",
            ),
            **refusals(401, 403, 422, 501, 503),
        },
        openapi_extra=secured,
        operation_id="list_drawings",
    )
    def drawings(
        request: Request,
        filters: Annotated[Filters, Depends(filters_asked)],
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        before: Annotated[
            str | None, Query(max_length=100, description="The `next` of the page before.")
        ] = None,
    ) -> JSONResponse:
        """List what is kept, whoever drew it, page by page."""
        require_token(request.headers, settings)
        engine = store.require()
        try:
            cursor = None if before is None else read_cursor(before)
        except ValueError as error:
            raise Problem(422, NO_CURSOR) from error
        page = list_drawings(engine, filters, limit=limit, before=cursor)
        rows = [drawing_as_object(kept) for kept in page]
        return JSONResponse({"drawings": rows, "next": next_page(page, limit)})

    @routes.get(
        "/export",
        responses={
            200: {
                "description": "A drawing a line, newest first.",
                "content": {NDJSON: {"schema": {"type": "string"}}},
            },
            **refusals(401, 403, 422, 501, 503),
        },
        openapi_extra=secured,
        response_class=StreamingResponse,
        operation_id="export_drawings",
    )
    def export(
        request: Request, filters: Annotated[Filters, Depends(filters_asked)]
    ) -> StreamingResponse:
        """Stream all that is kept as NDJSON, with pictures; neither side holds the whole of it."""
        require_token(request.headers, settings)
        lines: Iterator[bytes] = export_lines(store.require(), filters)
        first = next(lines)  # a store that is away is still a status here
        return StreamingResponse(
            chain([first], lines),
            media_type=NDJSON,
            headers={"Content-Disposition": 'attachment; filename="drawings.ndjson"'},
        )

    @routes.post(
        "/{drawing_id}/answer",
        responses={
            200: answers(
                SAID,
                {**{k: EXAMPLE[k] for k in ("id", "answer", "verdict")}, "outcome": "saved"},
                "What stands now.",
            ),
            **refusals(401, 403, 404, 410, 422, 501, 503),
        },
        openapi_extra=secured,
        operation_id="answer_drawing",
    )
    def answer(request: Request, drawing_id: UUID, said: AnswerIn) -> JSONResponse:
        """Say what a drawing shows that was kept with this token; the last answer counts."""
        visitor = require_token(request.headers, settings)
        meant = NOT_A_DIGIT if said.answer == "not a digit" else said.answer
        told = say(store.require(), drawing_id, visitor, meant)
        measures.answer(told["verdict"])
        return JSONResponse(told)

    return routes
