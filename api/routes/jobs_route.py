"""`/jobs`: which trainings there are; of one, how far it is, and its end before its time."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse

from api.documentation.documented import answers, refusals
from api.documentation.jobs_documentation import (
    CANCELLING_EXAMPLE,
    JOB,
    JOB_EXAMPLE,
    JOBS,
    JOBS_EXAMPLE,
)
from api.jobs.job import Job
from api.jobs.trainings import Trainings
from api.rules.authority import require_trainer
from api.rules.problems import Problem
from api.rules.service_settings import ServiceSettings

NO_SUCH = "there is no such job: its id stands in the answer to POST /training, and in GET /jobs"
MOST = 100  # jobs of a list
FRESH = {"Cache-Control": "no-store"}


def jobs_routes(settings: ServiceSettings, trainings: Trainings) -> APIRouter:
    """Return the routes of jobs."""
    routes = APIRouter(prefix="/jobs", tags=["jobs"])
    of_trainers: dict[str, Any] = {"security": [{"token": []}, {}]}

    @routes.get(
        "",
        responses={
            200: answers(JOBS, JOBS_EXAMPLE, "The newest first."),
            **refusals(401, 403, 422, 503),
        },
        openapi_extra=of_trainers,
        operation_id="jobs",
    )
    def jobs(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 20,
    ) -> JSONResponse:
        """List the trainings that began last, whichever instance runs or ran them."""
        require_trainer(request.headers, settings)
        told = [job.as_object() for job in trainings.newest(limit)]
        return JSONResponse({"jobs": told}, headers=FRESH)

    @routes.get(
        "/{job_id}",
        responses={200: answers(JOB, JOB_EXAMPLE, "How far it is."), **refusals(404, 422, 503)},
        operation_id="job",
    )
    def job(job_id: UUID) -> JSONResponse:
        """Say how far a training is, or what became of it, whichever instance runs or ran it."""
        return _told(trainings.find(job_id))

    @routes.delete(
        "/{job_id}",
        responses={
            200: answers(JOB, CANCELLING_EXAMPLE, "It ends; what has ended stays so."),
            **refusals(401, 403, 404, 422, 503),
        },
        openapi_extra=of_trainers,
        operation_id="cancel_job",
    )
    def cancel(request: Request, job_id: UUID) -> JSONResponse:
        """Cancel a training, whichever instance runs it; the models that were there stay."""
        require_trainer(request.headers, settings)
        return _told(trainings.cancel(job_id))

    return routes


def _told(job: Job | None) -> JSONResponse:
    if job is None:
        raise Problem(404, NO_SUCH)
    return JSONResponse(job.as_object(), headers=FRESH)
