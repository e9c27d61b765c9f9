"""Which drawings a request asks for, by its address's parameters."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query

from feedback.store import Filters, Source


def filters_asked(
    since: Annotated[date | None, Query(description="First UTC day.")] = None,
    until: Annotated[date | None, Query(description="Last UTC day.")] = None,
    source: Annotated[Source | None, Query(description="Where they were drawn.")] = None,
    weights_version: Annotated[
        str | None, Query(description="Which weights read them.", max_length=200)
    ] = None,
) -> Filters:
    """Return the filters of a request, as FastAPI has checked them."""
    if weights_version is not None and "\0" in weights_version:
        weights_version = weights_version.replace("\0", "")  # no version has it, no database either
    return Filters(since=since, until=until, source=source, weights_version=weights_version)
