"""The contract's routes at the root: train, best parameters, predict; programs of old go on."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from api.documentation.documented import answers, object_of
from api.documentation.jobs_documentation import BEGUN, RUNNING_ALREADY
from api.ensemble.members_in_use import ALONE, NOT_TRAINED, Members
from api.ensemble.sent_bodies import PredictIn, TrainingIn, images_of, request_of
from api.jobs.job import AlreadyTraining
from api.jobs.trainings import STOPPED, Trainings, can_train
from api.rules.allowances import Allowances
from api.rules.authority import require_trainer
from api.rules.front_gate import pay
from api.rules.incoming import TOO_SLOW
from api.rules.problems import PlainJSON, Problem
from api.rules.service_settings import ServiceSettings

CONTRACT = ("/", "/training", "/best_model_parameters", "/predict")
TRAINED = "Training completed, best model logged in MLflow."
WELCOME = (
    "Inkling reads handwriting: POST /v1/read and POST /predict read images, POST /training "
    "trains, /docs says more"
)
NO_TRAINER = (
    "what trains is not installed here: run this service from the `trainer` image, or install "
    "requirements.txt"
)
LOOK_S = 0.1  # how often a request that waits for a training looks
MESSAGE = object_of({"message": {"type": "string"}})
FIGURES = object_of(
    {
        "name": {"type": "string"},
        "best_params": {"type": "object"},
        "accuracy": {"type": "number", "description": "Mean of the cross-validation."},
        "test_accuracy": {"type": "number"},
        "test_loss": {"type": "number"},
        "roc_auc_score": {"type": "number"},
        "recall": {"type": "number"},
    }
)
BEST = {
    "name": "rf",
    "best_params": {"max_depth": None, "n_estimators": 100},
    "accuracy": 0.9432,
    "test_accuracy": 0.9508,
    "test_loss": 0.2711,
    "roc_auc_score": 0.9971,
    "recall": 0.9503,
}


def ensemble_routes(
    settings: ServiceSettings, allowances: Allowances, members: Members, trainings: Trainings
) -> APIRouter:
    """Return the contract's routes; refusals have its `detail` there, and a status of 4xx."""
    routes = APIRouter(tags=["ensemble"])

    @routes.get(
        "/",
        responses={200: answers(MESSAGE, {"message": WELCOME}, "What this is."), **_refused(429)},
        operation_id="root",
    )
    async def root() -> JSONResponse:
        """Say what this service is, at once."""
        return JSONResponse({"message": WELCOME})

    @routes.post(
        "/training",
        responses={
            200: answers(
                object_of({"message": {"type": "string"}}, ignored={"type": "array"}),
                {"message": TRAINED},
                "All of it is trained, and reads from now on.",
            ),
            202: BEGUN,
            409: RUNNING_ALREADY,
            **_refused(400, 401, 403, 408, 413, 422, 429, 500, 501, 503),
        },
        openapi_extra={
            "security": [{"token": []}, {}],
            "parameters": [
                {
                    "name": "Prefer",
                    "in": "header",
                    "schema": {"type": "string"},
                    "description": "`respond-async`: answer 202 at once (RFC 7240).",
                }
            ],
        },
        operation_id="training",
    )
    async def training(request: Request, asked: TrainingIn) -> JSONResponse:
        """Train a model for each grid, and answer when that is done, or at once where wished."""
        require_trainer(request.headers, settings)
        if not can_train():
            raise Problem(501, NO_TRAINER)
        wanted, ignored = request_of(asked)
        try:
            job = await run_in_threadpool(trainings.start, wanted)
        except AlreadyTraining as error:
            raise already(error) from error
        more = {"ignored": ignored} if ignored else {}
        if _prefers_async(request):
            headers = {"Location": job.path, "Preference-Applied": "respond-async"}
            return PlainJSON({**job.as_object(), **more}, 202, headers)
        try:
            while not job.over.is_set():
                await asyncio.sleep(LOOK_S)
        except asyncio.CancelledError as error:  # the server's end, which waits for nobody longer
            raise Problem(503, f"the training {STOPPED}") from error
        if job.state == "cancelled":
            raise Problem(409, f"the training {job.message}")
        if job.state == "failed":
            raise Problem(job.status or 500, job.message)
        return PlainJSON({"message": TRAINED, **more})

    @routes.get(
        "/best_model_parameters",
        responses={
            200: answers(
                {**object_of({"best_model": FIGURES}), "additionalProperties": FIGURES},
                {"best_model": BEST, "rf": BEST},
                "The best model of the last training, and each of that training's.",
            ),
            **_refused(400, 429, 503),
        },
        operation_id="best_model_parameters",
    )
    def best_model_parameters() -> JSONResponse:
        """Say which parameters were best, and how well they read what was left out."""
        return JSONResponse(dict(members.figures()))

    @routes.post(
        "/predict",
        responses={
            200: answers(
                object_of(
                    {
                        "prediction": {
                            "type": "array",
                            "items": {"type": "integer", "minimum": 0, "maximum": 9},
                        }
                    }
                ),
                {"prediction": [7, 2]},
                "A digit for each image, in order.",
            ),
            **_refused(400, 408, 409, 413, 422, 429, 503),
        },
        operation_id="predict",
    )
    def predict(request: Request, asked: PredictIn) -> JSONResponse:
        """Read images by the best model of the last training, or by all of them together."""
        images = images_of(asked.data)
        pay(request.scope, allowances, len(images) - 1)
        return JSONResponse({"prediction": members.read(images, together=asked.ensemble_predict)})

    return routes


def already(error: AlreadyTraining) -> Problem:
    """Return the refusal of a second training, with the first one's id."""
    if error.job is None:
        return Problem(409, str(error))
    headers = {"Location": f"/jobs/{error.job}"}
    return Problem(409, str(error), headers=headers, more={"job": str(error.job)})


def _prefers_async(request: Request) -> bool:
    preferences = ",".join(request.headers.getlist("prefer")).lower()
    return any(one.partition(";")[0].strip() == "respond-async" for one in preferences.split(","))


WORDS = {
    400: NOT_TRAINED,
    401: "this needs the service's token: send `Authorization: Bearer <token>`",
    403: "without API_TOKEN, training is open to programs of this machine alone",
    408: TOO_SLOW,
    409: ALONE,
    413: "a request has at most 5 MB: send fewer or smaller pictures",
    422: [{"type": "missing", "loc": ["body", "data"], "msg": "Field required", "input": {}}],
    429: "too many drawings from this address: try again in 3 s",
    500: "the training's process has ended unexpectedly",
    501: NO_TRAINER,
    503: "no MNIST under data/",
}


def _refused(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the descriptions of refusals in the contract's own form."""
    detail = {"type": ["string", "array"], "items": {"type": "object"}}
    schema = object_of({"detail": detail})
    return {status: answers(schema, {"detail": WORDS[status]}, "Refused.") for status in statuses}
