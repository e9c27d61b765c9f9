"""The Open Inference Protocol (KServe V2) under `/v2`: tensors of digits in, labels out."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.documentation.documented import answers, refusals
from api.documentation.inference_documentation import (
    BODY,
    EXAMPLE,
    LIVE,
    METADATA,
    READY,
    RESPONSE,
    SERVER,
)
from api.measuring.measures import Measures
from api.reading.inference_tensors import (
    NAME,
    PLATFORM,
    inks_of,
    outputs_of,
    wanted_outputs,
    without_blank,
)
from api.reading.readers_in_use import Readers
from api.rules.allowances import Allowances
from api.rules.front_gate import pay
from api.rules.problems import Problem
from model.ink.preprocess import Prepared
from serving.version import VERSION

NO_SUCH = "there is no such model here: {} is what reads digits"
NO_SUCH_VERSION = "this version does not read now: {} does"


def inference_routes(allowances: Allowances, readers: Readers, measures: Measures) -> APIRouter:
    """Return the routes of the protocol; its one model is what reads digits."""
    routes = APIRouter(prefix="/v2", tags=["open inference protocol"])

    @routes.get("", responses={200: answers(*SERVER), **refusals()}, operation_id="v2_server")
    async def server() -> JSONResponse:
        """Say what this server is."""
        return JSONResponse({"name": "inkling", "version": VERSION, "extensions": []})

    @routes.get(
        "/health/live", responses={200: answers(*LIVE), **refusals()}, operation_id="v2_live"
    )
    async def live() -> JSONResponse:
        """Say that the process is there."""
        return JSONResponse({"live": True})

    @routes.get(
        "/health/ready", responses={200: answers(*READY), **refusals(503)}, operation_id="v2_ready"
    )
    async def ready() -> JSONResponse:
        """Say that digits can be read."""
        _require_ready(readers)
        return JSONResponse({"ready": True})

    @routes.get(
        "/models/{name}",
        responses={200: answers(*METADATA), **refusals(404, 503)},
        operation_id="v2_model",
    )
    def model(name: str) -> JSONResponse:
        """Say what the model takes and gives."""
        return _metadata(readers, name)

    @routes.get(
        "/models/{name}/versions/{version}",
        responses={200: answers(*METADATA), **refusals(404, 503)},
        operation_id="v2_model_version",
    )
    def model_version(name: str, version: str) -> JSONResponse:
        """Say the same of one version, where that is what reads now."""
        _check_version(readers, name, version)
        return _metadata(readers, name)

    @routes.get(
        "/models/{name}/ready",
        responses={200: answers(*READY), **refusals(404, 503)},
        operation_id="v2_model_ready",
    )
    async def model_ready(name: str) -> JSONResponse:
        """Say that the model can read."""
        _check_name(name)
        _require_ready(readers)
        return JSONResponse({"name": NAME, "ready": True})

    @routes.get(
        "/models/{name}/versions/{version}/ready",
        responses={200: answers(*READY), **refusals(404, 503)},
        operation_id="v2_model_version_ready",
    )
    def version_ready(name: str, version: str) -> JSONResponse:
        """Say the same of one version."""
        _check_version(readers, name, version)
        return JSONResponse({"name": NAME, "ready": True})

    async def answer(request: Request, name: str) -> Response:
        _check_name(name)
        asked = _parsed(await request.body())
        inks = inks_of(asked)
        names = wanted_outputs(asked)
        pay(request.scope, allowances, len(inks) - 1)
        drawings: list[Any] = [Prepared(ink, 1) for ink in inks]
        read = await readers.batches_of_digits.read(lambda: drawings)
        answered = without_blank(read.answers, inks)
        measures.readings("digits", answered)
        identifier = {"id": asked["id"]} if "id" in asked else {}
        content = {
            "model_name": NAME,
            "model_version": read.version,
            **identifier,
            "outputs": outputs_of(answered, names),
        }
        return Response(json.dumps(content), media_type="application/json")

    documented = {
        "responses": {200: answers(RESPONSE, EXAMPLE, "A row for each image."),
                      **refusals(404, 422, 503)},
        "openapi_extra": {"requestBody": BODY},
        "response_class": Response,
    }  # fmt: skip

    @routes.post("/models/{name}/infer", operation_id="v2_infer", **documented)  # type: ignore[arg-type]
    async def infer(name: str, request: Request) -> Response:
        """Read UINT8 [-1, 28, 28]: ink as MNIST has it, 0 = paper, the digit in the middle."""
        return await answer(request, name)

    @routes.post(
        "/models/{name}/versions/{version}/infer",
        operation_id="v2_version_infer",
        **documented,  # type: ignore[arg-type]
    )
    async def version_infer(name: str, version: str, request: Request) -> Response:
        """Read the same by one version, where that is what reads now."""
        _check_version(readers, name, version)
        return await answer(request, name)

    return routes


def _metadata(readers: Readers, name: str) -> JSONResponse:
    _check_name(name)
    version = readers.digits().card.version
    return JSONResponse(
        {
            "name": NAME,
            "versions": [version],
            "platform": PLATFORM,
            "inputs": [{"name": "images", "datatype": "UINT8", "shape": [-1, 28, 28]}],
            "outputs": [
                {"name": "label", "datatype": "INT64", "shape": [-1]},
                {"name": "probabilities", "datatype": "FP32", "shape": [-1, 10]},
                {"name": "is_digit", "datatype": "BOOL", "shape": [-1]},
                {"name": "sure", "datatype": "BOOL", "shape": [-1]},
            ],
        }
    )


def _check_name(name: str) -> None:
    if name != NAME:
        raise Problem(404, NO_SUCH.format(NAME))


def _check_version(readers: Readers, name: str, version: str) -> None:
    _check_name(name)
    current = readers.digits().card.version
    if version != current:
        raise Problem(404, NO_SUCH_VERSION.format(current))


def _require_ready(readers: Readers) -> None:
    if not readers.are_loaded:
        raise Problem(503, "digits cannot be read yet")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(422, "this is no JSON") from error
    if not isinstance(asked, dict):
        raise Problem(422, "expected an object with `inputs`")
    return asked
