"""`/v1/statistics` and `/v1/weights`: how well it reads, and what it reads with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from api.keeping.rows_as_json import statistics_as_object, weights_as_object
from api.keeping.store_in_use import StoreInUse
from api.reading.readers_in_use import Readers
from api.routes.documented import answers, object_of, refusals
from api.routes.filters_asked import filters_asked
from api.rules.allowances import Allowances
from api.rules.front_gate import pay
from feedback.candidates import list_weights, live_version
from feedback.statistics import read_statistics
from feedback.store import Filters

COSTS = 20  # drawings of an address's allowance: the whole store is counted
COUNT = {"type": "integer", "minimum": 0}
SHARE_OR_NULL = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
OBJECTS = {"type": "array", "items": {"type": "object"}}
NUMBERS = object_of(
    {
        **dict.fromkeys(
            ("drawings", "answers", "named", "read_right", "misread", "refused_by_mistake",
             "not_digits", "refused_rightly", "taken_for_a_digit"),
            COUNT,
        ),
        "share_answered": SHARE_OR_NULL,
        "accuracy": {**SHARE_OR_NULL, "description": "Of the drawings called a digit."},
        "interval": {
            "type": ["array", "null"],
            "items": {"type": "number"},
            "description": "The 95 % Wilson interval of `accuracy`.",
        },
        "by_day": OBJECTS,
        "by_digit": OBJECTS,
        "confusion": {"type": "array", "items": {"type": "array", "items": COUNT}},
        "reliability": OBJECTS,
    }
)  # fmt: skip
NUMBERS_EXAMPLE = {
    "drawings": 1200,
    "answers": 400,
    "share_answered": 0.333333,
    "named": 380,
    "read_right": 371,
    "misread": 6,
    "refused_by_mistake": 3,
    "not_digits": 20,
    "refused_rightly": 17,
    "taken_for_a_digit": 3,
    "accuracy": 0.976316,
    "interval": [0.9556, 0.9875],
    "by_day": [
        {"day": "2026-01-31", "drawings": 1200, "answers": 400, "named": 380, "read_right": 371}
    ],
    "by_digit": [{"digit": 0, "named": 38, "read_right": 38, "refused": 0}],
    "confusion": [[38, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    "reliability": [
        {"low": 0.9, "high": 1.0, "accepted": 350, "mean_confidence": 0.99, "read_right": 346}
    ],
}
TEXT_OR_NULL = {"type": ["string", "null"]}
WEIGHTS = object_of(
    {
        "version": {"type": "string", "description": "What reads digits now."},
        "live": {**TEXT_OR_NULL, "description": "Live in the store; null: the shipped weights."},
        "stands_above": {"type": "boolean", "description": "WEIGHTS is set, and reads."},
        "trouble": {**TEXT_OR_NULL, "description": "Why what is live does not read."},
        "card": {"type": "object"},
        "versions": {"type": "array", "items": {"type": "object"}},
    }
)
WEIGHTS_EXAMPLE: dict[str, Any] = {
    "version": "six-conv-1a2b3c4d5e6f",
    "live": None,
    "stands_above": False,
    "trouble": None,
    "card": {"architecture": "six-conv", "sure_threshold": 0.8, "metrics": {"accuracy": 0.99}},
    "versions": [],
}


def numbers_routes(allowances: Allowances, readers: Readers, store: StoreInUse) -> APIRouter:
    """Return the routes that show numbers, and nobody's drawings."""
    routes = APIRouter(prefix="/v1", tags=["numbers"])

    @routes.get(
        "/statistics",
        responses={
            200: answers(NUMBERS, NUMBERS_EXAMPLE, "What the answers add up to."),
            **refusals(422, 501, 503),
        },
        operation_id="statistics",
    )
    def statistics(
        request: Request, filters: Annotated[Filters, Depends(filters_asked)]
    ) -> JSONResponse:
        """Say how often what people were shown was right, as the dashboard's Statistics does."""
        pay(request.scope, allowances, COSTS - 1)
        return JSONResponse(statistics_as_object(read_statistics(store.require(), filters)))

    @routes.get(
        "/weights",
        responses={
            200: answers(WEIGHTS, WEIGHTS_EXAMPLE, "What reads, and what the store holds."),
            **refusals(503),
        },
        operation_id="weights",
    )
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
