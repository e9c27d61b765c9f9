"""The bodies of the contract's routes: understood as leniently as there, checked as there not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.rules.problems import Problem
from model.ensemble.member_names import MEMBERS, PIXELS
from model.tuning.grids import BadGrid, Grid, Request

SIDE = 28
DIGIT: Any = [0] * PIXELS
WORDS = ("0", "1", "f", "t", "false", "true", "n", "y", "no", "yes", "off", "on")
SWITCH = {"anyOf": [{"type": "boolean"}, {"enum": [0, 1, *WORDS]}]}
PIXEL = {"type": "integer", "minimum": 0, "maximum": 255}


def _rows(numbers: int, **more: Any) -> dict[str, Any]:
    """Return the schema of rows that have so many pixels each."""
    row = {"type": "array", "minItems": numbers, "maxItems": numbers, "items": PIXEL}
    return {"type": "array", "items": row, **more}


IMAGES = {"anyOf": [_rows(PIXELS, minItems=1), _rows(SIDE, minItems=SIDE, maxItems=SIDE)]}
GRID_EXAMPLE: Any = {
    "param": {"n_estimators": [50, 100], "max_depth": [None, 10]},
    "n_jobs": -1,
    "cv": 3,
}


class GridIn(BaseModel):
    """What is tried for one model: every combination of the listed values."""

    param: dict[str, Any] = Field(description="Names of parameters, each with a list of values.")
    n_jobs: int = Field(description="Candidates at a time; -1: as many as there are cores.")
    cv: int = Field(description="Folds of the cross-validation, 2 to 20.")


class TrainingIn(BaseModel):
    """What to train: a grid for each model; a model that is not named is not trained."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"use_small_dataset": True, "grid_search_params": {"rf": GRID_EXAMPLE}},
            ]
        }
    )

    use_small_dataset: bool = Field(
        description="Whether winners train on 10,000 of MNIST's training images, rather than all."
    )
    grid_search_params: dict[str, GridIn] = Field(
        description=f"By model: {', '.join(MEMBERS)}. Another name is left out, and said."
    )


class PredictIn(BaseModel):
    """Images to read, and by what."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ensemble_predict": False, "data": [DIGIT]}]}
    )

    ensemble_predict: Annotated[bool, WithJsonSchema(SWITCH)] = Field(
        description="True: all models together; false: the best one. A word for either will do."
    )
    data: Annotated[list[list[int]], Field(min_length=1), WithJsonSchema(IMAGES)] = Field(
        description="784 numbers from 0 to 255 an image, row by row, 0 = paper; or 28 rows of 28."
    )


def request_of(asked: TrainingIn) -> tuple[Request, list[str]]:
    """Return what is to be tuned, and the names that are no model's; raise `Problem` 422."""
    unknown = [name for name in asked.grid_search_params if name not in MEMBERS]
    grids = {
        name: Grid(grid.param, grid.n_jobs, grid.cv)
        for name, grid in asked.grid_search_params.items()
        if name in MEMBERS
    }
    try:
        return Request(grids=grids, small=asked.use_small_dataset), unknown
    except BadGrid as error:
        raise wrong(("grid_search_params",), str(error)) from error


def images_of(data: Sequence[Sequence[int]]) -> NDArray[np.uint8]:
    """Return images, uint8 (N, 784); raise `Problem` 422 naming the place that is wrong.

    data: rows of 784 numbers, an image each; or 28 rows of 28, which are one image.
    """
    is_square = len(data) == SIDE and all(len(row) == SIDE for row in data)
    for place, row in enumerate(data):
        if not is_square and len(row) != PIXELS:
            words = f"an image has {PIXELS} numbers, or is 28 rows of 28; this row has {len(row)}"
            raise wrong(("data", place), words)
        low, high = min(row), max(row)
        if low < 0 or high > 255:
            at = next(n for n, pixel in enumerate(row) if not 0 <= pixel <= 255)
            raise wrong(("data", place, at), "a pixel is a number from 0 to 255")
    return np.array(data, np.uint8).reshape(-1, PIXELS)


def wrong(place: tuple[str | int, ...], words: str) -> Problem:
    """Return a mistake in a body, in the form that FastAPI gives its own findings."""
    found = {"type": "value_error", "loc": ["body", *place], "msg": words}
    return Problem(422, words, more={"errors": [found]})
