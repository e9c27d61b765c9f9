"""One whole cross-validation: folds trained wherever they may be; a table, and weights, out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from model.crossval import cluster, side_by_side
from model.crossval.finished import Finished, write_weights
from model.crossval.fold import FoldOutcome, FoldTask
from model.crossval.fold_table import describe_folds, format_folds
from model.crossval.plan import CrossValidation
from model.crossval.pool import Pool, make_pool
from model.synthesis.progress import say_phase
from model.tracking.tracker import Run, Tracker
from model.training.notebook import note_beginning, note_best, note_epoch, note_weights
from model.training.options import TrainingOptions, choose_device

REPORT, TABLE = "crossval.json", "crossval.txt"


def cross_validate(
    options: TrainingOptions,
    how: CrossValidation,
    data_dir: Path,
    results_dir: Path,
    *,
    resume: bool = False,
    run: Run | None = None,
) -> dict[str, Any] | None:
    """Train and score every fold; leave `crossval.json` and `crossval.txt`, and return the former.

    None where it was interrupted: finished folds are kept, and `resume` takes them over.
    Raises DatasetError, BadOption, FoldError, WeightsError, OSError.
    """
    run = run or Tracker().run("")
    # The choices that decide about weights alone: they travel, and are what finished folds are of.
    options = TrainingOptions(
        **{choice.name: getattr(options, choice.name) for choice in fields(TrainingOptions)}
    )
    kept = Finished(options, how.folds, data_dir)
    finished = kept.begin(resume=resume)
    with ExitStack() as stack:
        client = None
        if how.scheduler is None:
            choose_device(options.device)
        else:  # first of all: one that is away should not be found out after the rendering
            client = stack.enter_context(cluster.connected(how.scheduler))
        note_beginning(run, options, data_dir)
        run.options({"folds": how.folds})
        outcomes = {outcome.fold: outcome for outcome in finished}
        for outcome in finished:
            _note(run, outcome, kept)
        try:
            say_phase("reading what folds are made of")
            pool = make_pool(data_dir, options, how.folds)
            tasks = [
                FoldTask(fold, how.folds, options, options.recipe)
                for fold in range(how.folds)
                if fold not in outcomes
            ]
            print(_beginning(options, how, pool, len(outcomes)), flush=True)
            for outcome in _train(pool, tasks, how, client):
                kept.add(outcome)
                outcomes[outcome.fold] = outcome
                _tell(outcome, how.folds)
                _note(run, outcome, kept)
        except KeyboardInterrupt:
            run.interrupted()
            print(
                f"interrupted: {len(outcomes)} of {how.folds} folds are finished and kept; the "
                "same command with --resume goes on",
                file=sys.stderr,
            )
            return None
    report = describe_folds([outcomes[fold] for fold in range(how.folds)], options)
    if how.keep_folds is not None:
        for outcome in outcomes.values():
            write_weights(how.keep_folds, outcome)
    results_dir.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (results_dir / REPORT).write_text(text, encoding="utf-8")
    (results_dir / TABLE).write_text(format_folds(report) + "\n", encoding="utf-8")
    run.metrics(_means(report))
    run.tags({"best_fold": report["best_fold"]})
    run.files([results_dir / REPORT, results_dir / TABLE], "figures")
    run.settle()
    kept.clear()
    return report


def _train(
    pool: Pool, tasks: list[FoldTask], how: CrossValidation, client: Any
) -> Iterator[FoldOutcome]:
    if client is not None:
        return cluster.train_on_cluster(client, pool, tasks)
    return side_by_side.train_side_by_side(pool, tasks, how.workers or _default_workers(tasks))


def _default_workers(tasks: list[FoldTask]) -> int:
    """Return as many as there are cores; where a GPU trains, one."""
    if tasks and choose_device(tasks[0].options.device) != torch.device("cpu"):
        return 1
    return os.cpu_count() or 1


def _beginning(options: TrainingOptions, how: CrossValidation, pool: Pool, finished: int) -> str:
    drawn = f" and {len(pool.drawn):,} pen digits" if len(pool.drawn) else ""
    taken_over = f"; {finished} are finished already" if finished else ""
    return (
        f"cross-validating {options.network} in {how.folds} folds of {len(pool.scans):,} scans"
        f"{drawn}{taken_over}"
    )


def _tell(outcome: FoldOutcome, folds: int) -> None:
    parts = ", ".join(
        f"{name} {figures['accuracy']:.2%}" for name, figures in outcome.parts.items()
    )
    print(
        f"fold {outcome.fold + 1}/{folds} is finished: {parts}, {outcome.seconds:.0f} s", flush=True
    )


def _note(run: Run, outcome: FoldOutcome, kept: Finished) -> None:
    """Tell what came of a fold, as a run of its own below the cross-validation's."""
    with run.child(f"fold {outcome.fold + 1}", mode="fold", fold=outcome.fold + 1) as child:
        for record in outcome.records:
            note_epoch(child, record)
        note_best(child, outcome.records, outcome.best_epoch)
        note_weights(child, write_weights(kept.folder, outcome), outcome.card)
        for name, figures in outcome.parts.items():
            child.metrics({f"fold/{name}/{figure}": value for figure, value in figures.items()})
        child.metrics({"training_s": outcome.seconds})


def _means(report: Mapping[str, Any]) -> dict[str, float]:
    return {
        f"{kind}/{name}/{figure}": value
        for name, part in report["parts"].items()
        for kind in ("mean", "deviation")
        for figure, value in part[kind].items()
    }
