"""One whole training of the reader of writing: data in; two networks' weights and settings out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from environment import ROOT
from model.datasets.alphabet import merge
from model.datasets.idx import DatasetError
from model.language.word_list import common, load_words
from model.line_training.fit import (
    FIRST,
    FIRST_WITHOUT_PATH,
    Proposed,
    confidences,
    fit_scoring,
)
from model.line_training.held_out import HeldOut, hold_out
from model.line_training.lags import measure_lags
from model.line_training.learn import NETWORKS, LineEpoch, LineRecipe, learn
from model.line_training.no_writing import make_no_writing, scribble_in_a_row
from model.line_training.samples import Amounts, LineSamples, make_samples, together
from model.line_training.spelling import CLASSES
from model.networks.line_files import save_line_weights
from model.pen.attribution import attribution
from model.reading.calibration import expected_calibration_error
from model.synthesis.workers import spread
from model.training.options import choose_device
from model.weight_files.card import Card
from model.weight_files.places import pair_of
from model.weight_files.tensors import read_tensors
from model.writing.reader import PATH, SETTINGS, STRIP, Reader, Strokes
from model.writing.scores import Candidates, Rows
from model.writing.scoring import Settings, write_settings

CACHE = ROOT / "var" / "lines"
NO_WRITING = 8_000  # scribbles and shapes that are learnt to be refused
HELD_OUT = 900  # recorded lines, and as many composed ones, to choose by
LAGS = 300  # lines by which it is measured where a network says what a character is
SCRIBBLES = 300  # that the share refused is told of
COMMON = 50  # of the word list's sizes, what composed words are taken from
FILES = {"strip": STRIP, "path": PATH}


@dataclass(frozen=True)
class Job:
    """The training of one of the two networks, as a process of its own takes it."""

    kind: str
    recipe: LineRecipe
    data_dir: Path
    amounts: Amounts
    held_out: dict[str, HeldOut]
    device: str
    start: dict[str, NDArray[Any]] | None  # weights to go on from


def train_reader(
    recipe: LineRecipe, data_dir: Path, folder: Path, *, amounts: Amounts | None = None,
    device: str = "auto", resume: bool = False,
) -> tuple[Settings, bool]:  # fmt: skip
    """Train both networks and fit how they are put together; leave all files in a folder.

    resume: go on from the weights in the folder, with a learning rate that only falls.
    returns: the settings, and whether a training was interrupted.
    On a CPU the two are trained side by side, each on half of the cores. Interrupted, it keeps what
    was learnt by then. Raises DatasetError where there are no lines to learn from or to choose by,
    WeightsError where a file cannot be written or gone on from, KeyboardInterrupt where nothing was
    learnt yet.
    """
    amounts = amounts or Amounts()
    where = choose_device(device)
    starts: dict[str, dict[str, NDArray[Any]] | None] = dict.fromkeys(NETWORKS)
    if resume:
        starts = {kind: dict(read_tensors(pair_of(folder / FILES[kind]).tensors)[0])
                  for kind in NETWORKS}  # fmt: skip
    samples = _samples(data_dir, amounts, recipe)
    if not len(samples):
        raise DatasetError(
            f"there is nothing to learn writing from in {data_dir}: it takes pen strokes in "
            "lines/, pen/ or pen-more/ (README, Words and lines)"
        )
    count = len(samples)
    print(f"{count:,} lines to learn from", flush=True)
    held_out = hold_out(data_dir, "validation", HELD_OUT, HELD_OUT, everything(), recipe.seed)
    if not {"printed", "composed"} & set(held_out):
        raise DatasetError(
            f"there is no writing of the validation sites in {data_dir}, by which a reader is put "
            "together (README, Words and lines)"
        )
    jobs = [
        Job(kind, recipe, data_dir, amounts, held_out, where.type, starts[kind])
        for kind in NETWORKS
    ]
    if where.type == "cpu" and (os.cpu_count() or 1) > 1:
        del samples  # each process has its own
        with ProcessPoolExecutor(len(jobs), mp_context=get_context("spawn")) as workers:
            running = [workers.submit(_train_one, job) for job in jobs]
            try:
                trained = [one.result() for one in running]
            except KeyboardInterrupt:  # which a terminal sends to all: they keep what they have
                trained = [one.result() for one in running]
    else:
        trained = [_train_one(job) for job in jobs]
    cards = {}
    for kind, (network, epochs, is_interrupted) in zip(NETWORKS, trained, strict=True):
        if is_interrupted:
            print(f"{kind}: interrupted, what it had learnt by then is kept", file=sys.stderr)
        card = describe(kind, epochs, recipe, count - amounts.composed, amounts.composed)
        cards[kind] = save_line_weights(folder / FILES[kind], network, card)
    settings = fit_reader(folder, held_out, cards["strip"].version, cards["path"].version)
    return settings, any(is_interrupted for _, _, is_interrupted in trained)


def _samples(data_dir: Path, amounts: Amounts, recipe: LineRecipe) -> LineSamples:
    return make_samples(data_dir, CACHE, amounts, list(common(load_words(), COMMON)), recipe.seed)


def _train_one(job: Job) -> tuple[nn.Module, list[LineEpoch], bool]:
    if job.device == "cpu":
        torch.set_num_threads(max((os.cpu_count() or 1) // len(NETWORKS), 1))
    samples = with_no_writing(_samples(job.data_dir, job.amounts, job.recipe), job.recipe)
    validation = {name: lines.batches(job.kind) for name, lines in job.held_out.items()}
    start = None
    if job.start is not None:
        start = {name: torch.from_numpy(tensor.copy()) for name, tensor in job.start.items()}
    result = learn(job.kind, samples, validation, job.recipe, torch.device(job.device), start=start)
    return result.network, result.epochs, result.is_interrupted


def with_no_writing(samples: LineSamples, recipe: LineRecipe) -> LineSamples:
    """Return the lines, and with them a few that are no writing."""
    count = min(NO_WRITING, max(len(samples) // 20, 1))
    return together(samples, make_no_writing(count, recipe.seed))


def everything() -> list[str]:
    """Return every word of the list: what composed lines of validation and test may spell."""
    return list(load_words())


def describe(
    kind: str, epochs: Sequence[LineEpoch], recipe: LineRecipe, written: int, composed: int
) -> Card:
    """Return the card of a network; written, composed: how many lines of each it learnt from."""
    sizes = {"written lines": max(written, 0), "composed lines": composed}
    last = epochs[-1] if epochs else None
    return Card(
        architecture=kind,
        classes=CLASSES,
        mean=0.0,
        std=1.0,
        temperature=1.0,
        sure_threshold=1.0,
        training_data=sizes,
        attribution=attribution(sizes),
        seed=recipe.seed,
        epochs=len(epochs),
        metrics={f"{name}/exact": share for name, share in last.exact.items()} if last else {},
    )


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
    folder: Path, held_out: dict[str, HeldOut], *, has_strokes: bool
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
