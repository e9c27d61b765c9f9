"""`/jobs/ID`: how far a training is, and its end before its time."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from api.documentation.documented import answers, refusals
from api.documentation.jobs_documentation import JOB, JOB_EXAMPLE
from api.jobs.job import Job
from api.jobs.trainings import Trainings
from api.rules.authority import require_trainer
from api.rules.problems import Problem
from api.rules.service_settings import ServiceSettings

NO_SUCH = "there is no such job here: jobs are forgotten when the service starts anew"


def jobs_routes(settings: ServiceSettings, trainings: Trainings) -> APIRouter:
    """Return the routes of jobs."""
    routes = APIRouter(prefix="/jobs", tags=["jobs"])

    def find(job_id: UUID) -> Job:
        job = trainings.find(job_id)
        if job is None:
            raise Problem(404, NO_SUCH)
        return job

    @routes.get(
        "/{job_id}",
        responses={200: answers(JOB, JOB_EXAMPLE, "How far it is."), **refusals(404, 422)},
        operation_id="job",
    )
    async def job(job_id: UUID) -> JSONResponse:
        """Say how far a job is, and what became of it."""
        return JSONResponse(find(job_id).as_object(), headers={"Cache-Control": "no-store"})

    @routes.delete(
        "/{job_id}",
        responses={
            200: answers(
                JOB, {**JOB_EXAMPLE, "state": "cancelled"}, "It ends; what has ended stays so."
            ),
            **refusals(401, 403, 404, 422),
        },
        openapi_extra={"security": [{"token": []}, {}]},
        operation_id="cancel_job",
    )
    def cancel(request: Request, job_id: UUID) -> JSONResponse:
        """Cancel a job that runs; the models that were there stay."""
        require_trainer(request.headers, settings)
        found = find(job_id)
        trainings.cancel(found)
        return JSONResponse(found.as_object())

    return routes
