"""`/v1/statistics` and `/v1/weights`: how well it reads, and what it reads with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse

from api.documentation.numbers_documentation import IN_USE, STATISTICS
from api.keeping.kept_answers import KINDS
from api.keeping.rows_as_json import (
    statistics_as_object,
    weights_as_object,
    writing_statistics_as_object,
)
from api.keeping.store_in_use import StoreInUse
from api.reading.readers_in_use import Readers
from api.reading.what import What
from api.routes.filters_asked import filters_asked
from api.rules.allowances import Allowances
from api.rules.front_gate import pay
from feedback.candidates import list_weights, live_version
from feedback.statistics import read_statistics, read_writing_statistics
from feedback.store import Filters

READ = "Of what: digits, single characters or writing."
COSTS = 20  # drawings of an address's allowance: the whole store is counted


def numbers_routes(allowances: Allowances, readers: Readers, store: StoreInUse) -> APIRouter:
    """Return the routes that show numbers, and nobody's drawings."""
    routes = APIRouter(prefix="/v1", tags=["numbers"])

    @routes.get("/statistics", responses=STATISTICS, operation_id="statistics")
    def statistics(
        request: Request,
        filters: Annotated[Filters, Depends(filters_asked)],
        read: Annotated[What, Query(description=READ)] = "digits",
    ) -> JSONResponse:
        """Say how often what people were shown was right, as the dashboard's Statistics does."""
        pay(request.scope, allowances, COSTS - 1)
        engine = store.require()
        if read in KINDS:
            found = read_writing_statistics(engine, filters, KINDS[read])
            return JSONResponse(writing_statistics_as_object(found))
        return JSONResponse(statistics_as_object(read_statistics(engine, filters)))

    @routes.get("/weights", responses=IN_USE, operation_id="weights")
    def weights() -> JSONResponse:
        """Say which weights read digits now, what is known of them, and which others there are."""
        card = readers.digits().card
        is_kept = store.engine is not None
        engine = store.require() if is_kept else None
        rows = [] if engine is None else list_weights(engine)
        return JSONResponse(
            {
                "version": card.version,
                "live": None if engine is None else live_version(engine),
                "stands_above": readers.stands_above,
                "trouble": None if readers.trouble is None else readers.trouble.words,
                "card": asdict(card),
                "versions": [weights_as_object(row) for row in rows],
            }
        )

    return routes
