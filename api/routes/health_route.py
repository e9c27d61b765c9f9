"""Is the process all right, can it be given work, and what has it done: for machines that ask."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api.documentation.documented import answers, object_of
from api.keeping.store_in_use import StoreInUse
from api.measuring.measures import CONTENT_TYPE, Measures
from api.reading.readers_in_use import Readers
from api.rules.problems import Problem
from api.rules.service_settings import ServiceSettings
from model.errors import WeightsError

FRESH = {"Cache-Control": "no-store"}
NO_METRICS = "metrics are closed: METRICS=1 opens them to everyone"
ALIVE = object_of({"status": {"const": "alive"}})
PARTS = object_of(
    {
        "weights": {"type": "string", "enum": ["loaded", "not loaded"]},
        "store": {
            "type": "string",
            "enum": ["answers", "off", "away", "not configured rightly"],
        },
    }
)
READY = {"weights": "loaded", "store": "answers"}


def health_routes(
    settings: ServiceSettings, readers: Readers, store: StoreInUse, measures: Measures
) -> APIRouter:
    """Return the routes that probes and collectors ask."""
    routes = APIRouter(tags=["health"])

    @routes.get(
        "/healthz",
        responses={200: answers(ALIVE, {"status": "alive"}, "The process answers.")},
        operation_id="healthz",
    )
    async def healthz() -> JSONResponse:
        """Answer for as long as the process can."""
        return JSONResponse({"status": "alive"}, headers=FRESH)

    @routes.get(
        "/readyz",
        responses={
            200: answers(PARTS, READY, "Digits can be read, and the store answers or is off."),
            503: answers(PARTS, {"weights": "not loaded", "store": "away"}, "One is not ready."),
        },
        operation_id="readyz",
    )
    async def readyz() -> JSONResponse:
        """Say whether there are weights, and whether the store answers; why not is in the log."""
        state = await run_in_threadpool(store.state)
        weights = "loaded" if readers.are_loaded else "not loaded"
        is_ready = weights == "loaded" and state in ("answers", "off")
        status = 200 if is_ready else 503
        return JSONResponse({"weights": weights, "store": state}, status, FRESH)

    @routes.get(
        "/metrics",
        responses={
            200: {
                "description": "Prometheus's text format.",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
            404: {
                "description": "METRICS is not set.",
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            },
        },
        response_class=Response,
        operation_id="metrics",
    )
    def metrics() -> Response:
        """Return numbers about this process, where METRICS opens them."""
        if not settings.metrics:
            raise Problem(404, NO_METRICS)
        try:
            version = readers.digits().card.version if readers.are_loaded else None
        except WeightsError:
            version = None
        return Response(measures.page(version), headers={"Content-Type": CONTENT_TYPE, **FRESH})

    return routes
