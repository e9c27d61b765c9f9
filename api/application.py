"""The application: the rooms put together, begun and ended with the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool

from api.documentation.documented import PROBLEM
from api.ensemble.members_in_use import Members
from api.jobs.trainings import Trainings
from api.jobs.trainings_in_folder import TrainingsInFolder
from api.jobs.trainings_in_store import TrainingsInStore
from api.keeping.store_in_use import StoreInUse
from api.measuring.measures import Measures
from api.reading.readers_in_use import Readers
from api.routes.drawings_route import drawings_routes
from api.routes.ensemble_route import CONTRACT, ensemble_routes
from api.routes.health_route import health_routes
from api.routes.inference_route import inference_routes
from api.routes.jobs_route import jobs_routes
from api.routes.numbers_route import numbers_routes
from api.routes.read_route import read_routes
from api.rules.allowances import Allowances
from api.rules.front_gate import Gate
from api.rules.problems import install
from api.rules.service_settings import read_service_settings
from environment import models_dir, project_path, read_environment
from serving.version import VERSION

DESCRIPTION = """Reads handwriting: digits, characters, words and numbers, from pictures or strokes,
and says how sure it is. Nothing is kept unless `keep=true` asks for it. What changes what is served
or kept, or shows what others drew, needs the service's token."""


def create_app(
    environ: Mapping[str, str] | None = None, *, is_on_loopback: bool = False
) -> FastAPI:
    """Return the application; nothing is loaded before the server starts it.

    environ: the settings, those of the process if not given. is_on_loopback: whether nothing but
    this machine reaches the server, which only whoever starts it knows. Raises
    `ServiceSettingsError`.
    """
    environ = read_environment() if environ is None else environ
    settings = read_service_settings(environ, is_on_loopback=is_on_loopback)
    weights: Path | None = project_path(environ["WEIGHTS"]) if "WEIGHTS" in environ else None
    store = StoreInUse(environ)
    readers = Readers(weights, store.engine)
    allowances, measures = Allowances(settings.rate), Measures()
    models = models_dir(environ)
    members = Members(models)
    is_kept = store.engine is not None
    kept = TrainingsInStore(store.require) if is_kept else TrainingsInFolder(models)
    trainings = Trainings(kept, tell=measures.job)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        store.begin()
        await run_in_threadpool(readers.begin)
        try:
            yield
        finally:
            await run_in_threadpool(_end, trainings, readers, store)

    # What /docs is made of comes from here as well: whoever reads it asks no other host.
    app = FastAPIOffline(
        redoc_url=None,
        static_url="/docs/files",
        title="Inkling",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
    )
    install(app, CONTRACT)
    app.add_middleware(Gate, settings=settings, allowances=allowances)
    app.include_router(read_routes(settings, allowances, readers, store, measures))
    app.include_router(drawings_routes(settings, store, measures))
    app.include_router(numbers_routes(allowances, readers, store))
    app.include_router(inference_routes(allowances, readers, measures))
    app.include_router(ensemble_routes(settings, allowances, members, trainings))
    app.include_router(jobs_routes(settings, trainings))
    app.include_router(health_routes(settings, readers, store, measures))
    _describe(app)
    return app


def _end(trainings: Trainings, readers: Readers, store: StoreInUse) -> None:
    trainings.end()
    readers.end()
    store.end()


def _describe(app: FastAPI) -> None:
    """Give OpenAPI what several routes share, and say nothing that no route answers."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            for methods in schema["paths"].values():
                for operation in methods.values():
                    operation["summary"] = _first_sentence(operation["description"])
            components = schema.setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = PROBLEM
            for unused in ("HTTPValidationError", "ValidationError"):
                components["schemas"].pop(unused, None)
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _first_sentence(words: str) -> str:
    return " ".join(words.split()).partition(". ")[0].removesuffix(".")
