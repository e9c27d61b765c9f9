"""`/v1/drawings`: what is kept, for the operator's programs; and the answers of who kept it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from starlette.responses import JSONResponse, StreamingResponse

from api.documentation.documented import TOKEN
from api.documentation.drawings_documentation import (
    ANSWER_IN,
    ANSWERED,
    EXPORTED,
    LISTED,
    NDJSON,
)
from api.keeping.kept_answers import say
from api.keeping.rows_as_json import (
    drawing_as_object,
    export_lines,
    list_page,
    next_page,
    read_cursor,
)
from api.keeping.store_in_use import StoreInUse
from api.measuring.measures import Measures
from api.reading.what import What
from api.routes.filters_asked import filters_asked
from api.rules.authority import require_token
from api.rules.problems import Problem
from api.rules.service_settings import ServiceSettings
from feedback.store import Filters

MOST = 500  # drawings of a page
NO_CURSOR = "before is what `next` of an earlier page said"
LONGEST = 400  # characters of an answer before it is cleaned
NO_ANSWER = f"an answer is a number from 0 to 9, a text of at most {LONGEST} characters, or null"
READ = "What read them: digits, single characters, or writing."


def _said(answer: object) -> object:
    """Refuse what answers nothing in one sentence, rather than in one for each kind of answer."""
    is_digit = type(answer) is int and 0 <= answer <= 9
    is_text = isinstance(answer, str) and len(answer) <= LONGEST and not _is_torn(answer)
    if not (is_digit or is_text or answer is None):
        raise ValueError(NO_ANSWER)
    return answer


def _is_torn(text: str) -> bool:
    """Return whether a text holds half a surrogate pair, which JSON can say and UTF-8 cannot."""
    return any("\ud800" <= character <= "\udfff" for character in text)


class AnswerIn(BaseModel):
    """What a drawing's author says that it shows."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=lambda schema: _describe(schema))

    answer: Annotated[int | str | None, BeforeValidator(_said)] = None
    is_none: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="after")
    def _one_of_both(self) -> AnswerIn:
        if ("answer" in self.model_fields_set) == self.is_none:
            raise ValueError("send either `answer`, or `is_none` with true")
        return self


def _describe(schema: dict[str, object]) -> None:
    schema.clear()
    schema.update(ANSWER_IN)


def drawings_routes(settings: ServiceSettings, store: StoreInUse, measures: Measures) -> APIRouter:
    """Return the routes of kept drawings; all of them need the token."""
    routes = APIRouter(prefix="/v1/drawings", tags=["drawings"])
    secured = {"security": TOKEN}

    @routes.get("", responses=LISTED, openapi_extra=secured, operation_id="list_drawings")
    def drawings(
        request: Request,
        filters: Annotated[Filters, Depends(filters_asked)],
        read: Annotated[What, Query(description=READ)] = "digits",
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
        page = list_page(engine, filters, read, limit=limit, before=cursor)
        rows = [drawing_as_object(kept) for kept in page]
        return JSONResponse({"drawings": rows, "next": next_page(page, limit)})

    @routes.get(
        "/export",
        responses=EXPORTED,
        openapi_extra=secured,
        response_class=StreamingResponse,
        operation_id="export_drawings",
    )
    def export(
        request: Request,
        filters: Annotated[Filters, Depends(filters_asked)],
        read: Annotated[What, Query(description=READ)] = "digits",
    ) -> StreamingResponse:
        """Stream all that is kept as NDJSON, with pictures; neither side holds the whole of it."""
        require_token(request.headers, settings)
        lines: Iterator[bytes] = export_lines(store.require(), filters, read)
        first = next(lines)  # a store that is away is still a status here
        return StreamingResponse(
            chain([first], lines),
            media_type=NDJSON,
            headers={"Content-Disposition": f'attachment; filename="{read}.ndjson"'},
        )

    @routes.post(
        "/{drawing_id}/answer",
        responses=ANSWERED,
        openapi_extra=secured,
        operation_id="answer_drawing",
    )
    def answer(request: Request, drawing_id: UUID, said: AnswerIn) -> JSONResponse:
        """Say what a drawing shows that was kept with this token; the last answer counts."""
        visitor = require_token(request.headers, settings)
        told = say(store.require(), drawing_id, visitor, said.answer, is_none=said.is_none)
        measures.answer(told["read"], told["verdict"])
        return JSONResponse(told)

    return routes
