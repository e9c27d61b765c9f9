"""One whole training of the reader of writing: data in; two networks' weights and settings out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from torch import nn

from environment import ROOT
from model.datasets.idx import DatasetError
from model.language.word_list import common, load_words
from model.line_training.held_out import HeldOut, hold_out
from model.line_training.learn import NETWORKS, LineEpoch, LineRecipe, learn
from model.line_training.no_writing import make_no_writing
from model.line_training.reader_settings import fit_reader
from model.line_training.samples import Amounts, LineSamples, make_samples, together
from model.line_training.spelling import CLASSES
from model.networks.line_files import save_line_weights
from model.pen.attribution import attribution
from model.synthesis.progress import say_phase
from model.training.options import choose_device
from model.weight_files.card import Card
from model.weight_files.places import pair_of
from model.weight_files.tensors import read_tensors
from model.writing.reader import PATH, STRIP
from model.writing.scoring import Settings

CACHE = ROOT / "var" / "lines"
NO_WRITING = 8_000  # scribbles and shapes that are learnt to be refused
HELD_OUT = 900  # recorded lines, and as many composed ones, to choose by
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
    say_phase("reading pen strokes")
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
