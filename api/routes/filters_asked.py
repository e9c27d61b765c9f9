"""Which drawings a request asks for, by its address's parameters."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from feedback.store import Filters, Source


def _written_out(day: str) -> str:
    """Refuse what pydantic takes for a number of seconds since 1970."""
    if day.strip().lstrip("+-").replace(".", "").isdigit():
        raise ValueError("a day is written as 2026-01-31")
    return day


Day = Annotated[date, BeforeValidator(_written_out)]


def filters_asked(
    since: Annotated[Day | None, Query(description="First UTC day.")] = None,
    until: Annotated[Day | None, Query(description="Last UTC day.")] = None,
    source: Annotated[Source | None, Query(description="Where they were drawn.")] = None,
    weights_version: Annotated[
        str | None, Query(description="Which weights read them.", max_length=200)
    ] = None,
) -> Filters:
    """Return the filters of a request, as FastAPI has checked them."""
    if weights_version is not None and "\0" in weights_version:
        weights_version = weights_version.replace("\0", "")  # no version has it, no database either
    return Filters(since=since, until=until, source=source, weights_version=weights_version)
