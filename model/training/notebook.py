"""What a tracked run is told of a training: its options and data, each epoch, and what it made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from model.tracking.provenance import code_version, digests, machine, training_files
from model.tracking.tracker import Run
from model.training.options import TrainingOptions
from model.training.state import EpochRecord
from model.weight_files.card import Card
from model.weight_files.places import pair_of


def note_beginning(run: Run, options: TrainingOptions, data_dir: Path) -> None:
    """Tell with what a training begins: options and recipe, data, code, machine."""
    if not run.is_tracked:
        return  # digests take a while
    run.options(
        {
            **_flat("", asdict(options)),
            **_flat("recipe", asdict(options.recipe)),
            "data_dir": data_dir,
        }
    )
    run.data(digests(training_files(data_dir, options.recipe.kind), data_dir))
    run.tags({**machine(), **code_version()})


def note_epoch(run: Run, record: EpochRecord) -> None:
    """Tell the figures of an epoch."""
    values = {name: value for name, value in asdict(record).items() if name != "epoch"}
    run.epoch(record.epoch, {k: v for k, v in _flat("", values).items() if _is_number(v)})


def note_best(run: Run, records: Sequence[EpochRecord], best_epoch: int) -> None:
    """Tell the figures of the epoch that was kept."""
    best = records[best_epoch - 1]
    run.metrics(
        {
            "best_epoch": best_epoch,
            "best_validation_accuracy": best.validation_accuracy,
            "best_validation_f1": best.validation_f1,
            "best_validation_loss": best.validation_loss,
        }
    )


def note_weights(run: Run, weights: Path, card: Card) -> None:
    """Tell what was made: both files of the weights, their card, and its figures."""
    run.metrics({f"final/{name.replace(' ', '/')}": value for name, value in card.metrics.items()})
    run.metrics({"temperature": card.temperature, "sure_threshold": card.sure_threshold})
    run.metrics({"digit_threshold": card.digit_threshold})
    run.tags({"weights.version": card.version, "weights.digest": card.digest})
    run.files(pair_of(weights), "weights")
    run.text("weights/card.json", json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n")


def _flat(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a nested mapping as one of names with dots; nothing for what is None."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        name = f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            flat |= _flat(name, value)
        elif value is not None:
            flat[name] = value
    return flat


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
