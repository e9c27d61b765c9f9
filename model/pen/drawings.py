"""Recorded pen strokes: reading them, each for the part that its site has (`sites`)."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.datasets.idx import DatasetError
from model.pen.sites import part_of

Strokes = Sequence[
    Sequence[Sequence[float]]
]  # Quick, Draw! simplified: [[[x, ...], [y, ...]], ...]

CHARACTER_FOLDERS = "pen", "pen-more"  # of isolated characters
STRAIGHT = 0.15  # width by length of what passes for a straight line


@dataclass(frozen=True)
class PenDrawing:
    """One recorded drawing."""

    label: str
    writer: str  # unique within its file
    source: str  # the site that recorded it
    strokes: Strokes  # 0..255, y down

    @property
    def part(self) -> str:
        """Return what the drawing is for: `training`, `validation` or `test`."""
        return part_of(self.source)

    @property
    def is_fragment(self) -> bool:
        """Tell whether a digit's recording holds no more than a dot or a lone straight line.

        The slash of a zero without the zero, the stem of a four, the foot of a one: one straight
        stroke, labelled other than 1, or as a 1 that lies on its side. Nobody could read those. No
        network is asked. Of the 20,206 digits behind the README's figures 65 are fragments, all
        recorded at `ibm`.
        """
        if len(self.strokes) != 1:
            return False
        places = np.asarray(self.strokes[0], float)  # (2, points), x and y
        width, height = np.ptp(places, axis=1)
        if max(width, height) == 0:
            return True
        _, axes = np.linalg.eigh(np.cov(places))  # the narrowest first
        breadth, length = np.ptp(axes.T @ places, axis=1)
        return bool(breadth < STRAIGHT * length and (self.label != "1" or width > height))


def read_pen_drawings(path: Path) -> Iterator[PenDrawing]:
    """Yield the drawings of a `pen/*.ndjson.gz` or `pen/*.ndjson` file, in its order.

    Files of Quick, Draw! itself are read as well; they name no writer and no site, so each drawing
    is its own writer's, and the file's name stands for the site.
    Raises DatasetError for a damaged file.
    """
    with rows_of(path, "pen strokes") as rows:
        for number, row in enumerate(rows):
            yield PenDrawing(
                label=row["word"],
                writer=str(row.get("writer", row.get("key_id", number))),
                source=str(row.get("source", path.name.split(".")[0])),
                strokes=checked_strokes(row["drawing"]),
            )


@contextmanager
def rows_of(path: Path, what: str) -> Iterator[Iterator[Any]]:
    """Give the rows of an `.ndjson` or `.ndjson.gz` file, in its order.

    Whatever is wrong with the file, or turns out to be as the rows are used, is raised as a
    DatasetError, which says that the file is damaged or holds no `what`.
    """
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            yield map(json.loads, lines)
    except (
        OSError,
        EOFError,
        zlib.error,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise DatasetError(f"{path} is damaged, or holds no {what}: {error}") from error


def checked_strokes(strokes: Strokes) -> Strokes:
    """Return the strokes; raises ValueError or TypeError for what no pen could have drawn."""
    if not strokes:
        raise ValueError("a drawing has no stroke")
    for xs, ys in strokes:
        if len(xs) != len(ys) or not len(xs):
            raise ValueError("a stroke's x and y are not as many")
        if not math.isfinite(sum(xs) + sum(ys)):
            raise ValueError("a stroke leaves all bounds")
    return strokes


def load_pen_drawings(
    data_dir: Path, part: str, folders: Sequence[str] = (CHARACTER_FOLDERS[0],)
) -> list[PenDrawing]:
    """Return the drawings of `DATA_DIR/pen/*.ndjson[.gz]` that are for a part, file by file.

    part: `training`, `validation` or `test`. folders: of DATA_DIR, those to read; for all isolated
    characters there are CHARACTER_FOLDERS, of which each is read where it is there. Without such
    files the list is empty. Raises DatasetError for a damaged file.
    """
    return [
        drawing
        for folder in folders
        for path in stroke_files(data_dir / folder)
        for drawing in read_pen_drawings(path)
        if drawing.part == part
    ]


def stroke_files(folder: Path) -> list[Path]:
    """Return a folder's files of pen strokes, by name; none where there is no such folder."""
    return sorted(path for path in folder.glob("*.ndjson*") if path.suffix in (".ndjson", ".gz"))
