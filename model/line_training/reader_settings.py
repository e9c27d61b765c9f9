"""How a reader's settings are fitted: on lines that neither of its networks learnt from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.alphabet import merge
from model.line_training.fit import (
    FIRST,
    FIRST_WITHOUT_PATH,
    Proposed,
    confidences,
    fit_scoring,
)
from model.line_training.held_out import HeldOut
from model.line_training.lags import measure_lags
from model.line_training.no_writing import scribble_in_a_row
from model.reading.calibration import expected_calibration_error
from model.synthesis.workers import spread
from model.writing.reader import SETTINGS, Reader, Strokes
from model.writing.scores import Candidates, Rows
from model.writing.scoring import Settings, write_settings

LAGS = 300  # lines by which it is measured where a network says what a character is
SCRIBBLES = 300  # that the share refused is told of


def fit_reader(folder: Path, held_out: dict[str, HeldOut], strip: str, path: str) -> Settings:
    """Fit the settings of the weights in a folder, write them there, and return them.

    strip, path: versions of the two. Printed and composed lines count alike; joined ones are told.
    """
    first = Settings(
        strip_version=strip, path_version=path, strokes=FIRST, pictures=FIRST_WITHOUT_PATH,
        strip_lag=0.0, path_lag=0.0, metrics={},
    )  # fmt: skip
    write_settings(folder / SETTINGS, first)
    by_strokes = propose_all(folder, held_out, has_strokes=True)
    by_pictures = propose_all(folder, held_out, has_strokes=False)
    chosen = [name for name in ("printed", "composed") if name in held_out]
    settings = replace(
        first,
        strokes=fit_scoring({name: by_strokes[name] for name in chosen}),
        pictures=fit_scoring({name: by_pictures[name] for name in chosen}),
    )
    metrics: dict[str, float] = {}
    for way, proposed, scoring in (
        ("strokes", by_strokes, settings.strokes),
        ("pictures", by_pictures, settings.pictures),
    ):
        for name, some in proposed.items():
            sure, right = confidences(some, scoring)
            is_sure = sure >= scoring.sure_threshold
            metrics[f"{way}/{name}/exact"] = float(right.mean())
            metrics[f"{way}/{name}/calibration_error"] = calibration_error(sure, right)
            metrics[f"{way}/{name}/sure"] = float(is_sure.mean())
            _, alike = confidences(some, scoring, merge)
            metrics[f"{way}/{name}/right_when_sure"] = (
                float(alike[is_sure].mean()) if is_sure.any() else 1.0
            )
    settings = replace(settings, metrics=metrics)
    write_settings(folder / SETTINGS, settings)
    reader = Reader.load(folder=folder)
    told_apart = [line for lines in held_out.values() for line in lines.lines if line.characters]
    strip_lag, path_lag = measure_lags(reader, told_apart[:LAGS])
    settings = replace(settings, strip_lag=strip_lag, path_lag=path_lag)
    refused = refused_scribbles(reader, SCRIBBLES, seed=1)
    settings = replace(settings, metrics={**metrics, "scribbles_refused": refused})
    write_settings(folder / SETTINGS, settings)
    return settings


def format_settings(settings: Settings) -> str:
    """Return what the reader reached on the validation sites, as a table for a person."""
    lines = [f"{'on the validation sites':28} {'exact':>7} {'sure':>7} {'right':>7} {'ECE':>6}"]
    for way in ("strokes", "pictures"):
        for name in ("printed", "joined", "composed"):
            row = f"{way}/{name}"
            if f"{row}/exact" in settings.metrics:
                exact, sure, right, error = (
                    settings.metrics[f"{row}/{key}"]
                    for key in ("exact", "sure", "right_when_sure", "calibration_error")
                )
                lines.append(f"{f'{name}, by {way}':28} {exact:>7.1%} {sure:>7.1%} "
                             f"{right:>7.1%} {error:>6.3f}")  # fmt: skip
    return "\n".join(lines)


def calibration_error(sure: Rows, right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error of confidences in whole texts, 0..1."""
    both = np.column_stack([sure, 1 - sure])
    both[:, 1] = np.minimum(both[:, 1], both[:, 0] - 1e-9)  # the text is always the likeliest
    return expected_calibration_error(both, np.where(right, 0, 1))


def refused_scribbles(reader: Reader, count: int, seed: int) -> float:
    """Return the share of scribbles and shapes that are read as no writing."""
    refused = 0
    for place in range(count):
        lines = scribble_in_a_row(np.random.default_rng([seed, 5, place]))
        refused += not reader.read(strokes=[line.T.tolist() for line in lines]).is_writing
    return refused / count


def propose_all(
    folder: Path,
    held_out: dict[str, HeldOut],
    *,
    has_strokes: bool,
) -> dict[str, list[Proposed]]:
    """Return the candidates of every line, by its strokes or by its strip alone."""
    proposed: dict[str, list[Proposed]] = {}
    _readers.clear()  # the weights of that folder may be others by now
    for name, lines in held_out.items():
        jobs = [
            (str(folder), line.strokes if has_strokes else strip)
            for line, strip in zip(lines.lines, lines.strips, strict=True)
        ]
        found = spread(_propose_one, jobs, f"reading {name}")
        proposed[name] = [
            Proposed(candidates, line.text)
            for candidates, line in zip(found, lines.lines, strict=True)
        ]
    return proposed


_readers: dict[str, Reader] = {}  # of a worker's own process


def _propose_one(job: tuple[str, Strokes | NDArray[np.uint8]]) -> Candidates:
    folder, line = job
    reader = _readers.get(folder) or _readers.setdefault(folder, Reader.load(folder=Path(folder)))
    if isinstance(line, np.ndarray):
        return reader.candidates(strip=line)
    return reader.candidates(strokes=line)
