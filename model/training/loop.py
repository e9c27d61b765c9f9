"""Training: batches in, the weights that read the validation split best out."""

from __future__ import annotations

import copy
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.datasets.mnist import Digits
from model.networks.checkpoint import load_weights
from model.networks.registry import build_network, fuse
from model.networks.six_convolutions import SixConvolutionNetwork
from model.training.data import TrainingSet
from model.training.epoch import macro_f1, predict_logits, train_branch_epoch, train_epoch
from model.training.options import Recipe, TrainingOptions, choose_device
from model.training.state import (
    EpochRecord,
    TrainingState,
    copy_weights,
    load_state,
    save_state,
)
from model.weight_files.places import DEFAULT_WEIGHTS


@dataclass(frozen=True)
class TrainingResult:
    """What a training reached."""

    network: nn.Module  # with the best epoch's weights, on the CPU
    best_epoch: int
    records: list[EpochRecord]
    ended: str  # complete, early (no better epoch for `patience` epochs) or interrupted


def fit(
    training: TrainingSet,
    validation: Mapping[str, Digits],
    options: TrainingOptions,
    *,
    keep_state_at: Path | None = None,
    resume: bool = False,
    tell: Callable[[EpochRecord], object] | None = None,
) -> TrainingResult:
    """Train a network; return it with the weights of the epoch that read `validation` best.

    validation: by name, parts that count the same, however many images each has: scans and
    drawings, say.

    keep_state_at: where the training's state is written after each epoch, and with `resume` read
    from: a resumed training ends with the same weights as one without a break.
    tell: gets the figures of each epoch as it ends, at first of those before a break.
    Ctrl-C ends the training after its last whole epoch, and passes through where there is none. A
    branch for what is no digit comes last: interrupted, the network has none that learnt anything.
    """
    device = choose_device(options.device)
    state = begin(options, device)
    if resume:
        assert keep_state_at is not None, "there is no place to resume from"
        load_state(keep_state_at, state, options)
    training = training.to(device)
    validation = {name: part.to(device) for name, part in validation.items()}
    ended = "complete"
    tell = tell or (lambda record: None)
    for record in state.records:
        tell(record)
    try:
        for epoch in range(len(state.records) + 1, options.epochs + 1):
            if epoch - 1 - state.best_epoch >= options.patience:
                ended = "early"
                break
            started = time.perf_counter()
            loss, accuracy = train_epoch(state, training, options, epoch)
            _validate(
                state, validation, len(options.recipe.classes), epoch, loss, accuracy, started
            )
            is_best = state.keep_if_best()
            _report(state.records[-1], options, is_best)
            if keep_state_at:
                _try_to_save(keep_state_at, state, options)
            tell(state.records[-1])
        weights = state.best_weights
        if (for_branch := training.for_branch()) is not None:
            weights = _train_branch(weights, for_branch, options, device)
    except KeyboardInterrupt:
        ended, weights = "interrupted", state.best_weights
        if not state.best_epoch:
            raise
    best = build_network(options.network)
    best.load_state_dict(weights)
    return TrainingResult(best.eval(), state.best_epoch, state.records, ended)


def _train_branch(
    weights: dict[str, Tensor],
    for_branch: TrainingSet,
    options: TrainingOptions,
    device: torch.device,
) -> dict[str, Tensor]:
    """Return the weights with a branch that has learnt from what their other layers see.

    It starts from its first weights, and goes through as many epochs as the digits may have had.
    """
    started = time.perf_counter()
    state = begin(options, device)
    state.network.load_state_dict(weights)
    state.judged.load_state_dict(weights)
    reader = fuse(state.judged.eval())
    assert isinstance(reader, SixConvolutionNetwork), "other networks have no branch"
    for epoch in range(1, options.epochs + 1):
        train_branch_epoch(state, for_branch, options, epoch, reader)
    print(
        f"what is no {options.recipe.kind[:-1]}, learnt in {time.perf_counter() - started:.1f} s",
        flush=True,
    )
    return copy_weights(state.judged)


def begin(options: TrainingOptions, device: torch.device) -> TrainingState:
    """Return a network before its first step, with its optimizer, on the device."""
    torch.manual_seed(options.seed)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    network = build_network(options.network).to(device)
    if options.recipe.has_head_start and DEFAULT_WEIGHTS.is_file():
        reader_of_digits, _ = load_weights(DEFAULT_WEIGHTS)
        assert isinstance(network, SixConvolutionNetwork), "these layers are its own"
        assert isinstance(reader_of_digits, SixConvolutionNetwork), "likewise"
        network.start_from(reader_of_digits)
    if device.type != "mps":
        # A quarter less time per step on the CPU; the numbers mean the same.
        network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    recipe = options.recipe
    optimizer = torch.optim.Adam(
        _groups(network, recipe),
        lr=options.learning_rate,
        decoupled_weight_decay=recipe.is_decoupled,
        fused=device.type != "mps",
    )
    average = copy.deepcopy(network).eval() if recipe.averaging else None
    return TrainingState(network, optimizer, average, recipe.averaging)


def _groups(network: nn.Module, recipe: Recipe) -> list[dict[str, Any]]:
    """Return what decays and, with AdamW, what does not: biases and normalisation."""
    if not recipe.is_decoupled:
        return [{"params": list(network.parameters()), "weight_decay": recipe.weight_decay}]
    # In the network's order, so that a resumed training finds each moment at its parameter.
    return [
        {"params": [parameter], "weight_decay": recipe.weight_decay if parameter.ndim > 1 else 0.0}
        for parameter in network.parameters()
    ]


def _validate(
    state: TrainingState,
    validation: Mapping[str, Digits],
    classes: int,
    epoch: int,
    loss: float,
    accuracy: float,
    started: float,
) -> None:
    losses: list[float] = []
    accuracies: dict[str, float] = {}
    f1s: list[float] = []
    for name, part in validation.items():
        logits = predict_logits(state.judged, part)[:, :classes]
        labels = part.labels.cpu()
        losses.append(float(functional.cross_entropy(logits, labels)))
        accuracies[name] = float((logits.argmax(dim=1) == labels).double().mean())
        f1s.append(macro_f1(logits.argmax(dim=1), labels, classes))
    state.records.append(
        EpochRecord(
            epoch=epoch,
            learning_rate=state.optimizer.param_groups[0]["lr"],
            train_loss=loss,
            train_accuracy=accuracy,
            validation_loss=statistics.fmean(losses),
            validation_accuracy=statistics.fmean(accuracies.values()),
            validation_accuracies=accuracies,
            validation_f1=statistics.fmean(f1s),
            seconds=time.perf_counter() - started,
        )
    )


def _report(record: EpochRecord, options: TrainingOptions, is_best: bool) -> None:
    parts = ", ".join(f"{name} {share:.2%}" for name, share in record.validation_accuracies.items())
    print(
        f"epoch {record.epoch:>{len(str(options.epochs))}}/{options.epochs}  "
        f"training loss {record.train_loss:.4f} accuracy {record.train_accuracy:.2%}  "
        f"validation loss {record.validation_loss:.4f} accuracy {parts}  "
        f"{record.seconds:.1f} s{'  best so far' if is_best else ''}",
        flush=True,
    )


def _try_to_save(path: Path, state: TrainingState, options: TrainingOptions) -> None:
    try:
        save_state(path, state, options)
    except OSError as error:  # no reason to lose the training itself
        print(
            f"could not keep the training's state at {path} ({error.strerror or error}): "
            "it goes on, but could not be resumed",
            file=sys.stderr,
        )
