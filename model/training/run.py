"""One whole training: data in; weights, their card, and the training's history out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from environment import ROOT
from model.datasets.mnist import Digits, load_mnist, split
from model.errors import WeightsError
from model.figures.charts import save_training_history
from model.ink.preprocess import MNIST_MEAN, MNIST_STD
from model.networks.checkpoint import save_weights
from model.networks.registry import CHARACTERS
from model.pen.attribution import attribution
from model.synthesis.progress import say_phase
from model.synthesis.training_images import render_training
from model.tracking.tracker import Run, Tracker
from model.training.character_data import gather_characters
from model.training.data import Scans, ScansAndStrokes, TrainingSet
from model.training.loop import TrainingResult, fit
from model.training.notebook import note_beginning, note_best, note_epoch, note_weights
from model.training.options import TrainingOptions
from model.training.state import state_path
from model.training.validation import calibrate, parts_to_validate
from model.weight_files.card import Card
from model.weight_files.places import pair_of

HISTORY, PLOT = "history.json", "training_history.png"
CACHE = ROOT / "var" / "renderings"
ROUNDS, LETTER_ROUNDS = 8, 3  # how often each pen digit and each letter is rendered
SCRIBBLES = 52_000


def train(
    options: TrainingOptions,
    data_dir: Path,
    weights: Path,
    plots_dir: Path,
    *,
    resume: bool = False,
    run: Run | None = None,
) -> TrainingResult:
    """Train, and leave weights, `history.json` and `training_history.png`.

    weights: either of their two files. run: what is told of the training, if it is tracked.
    Interrupted, it leaves the best weights so far, and beside them what `resume` goes on from. What
    is no digit is learnt last: weights of an interrupted training refuse nothing.
    Raises DatasetError, WeightsError, BadOption, or KeyboardInterrupt when stopped before there was
    anything to keep.
    """
    weights = pair_of(weights).tensors
    _check_place(weights)
    training, validation = gather(options, data_dir)
    state = state_path(weights)
    if state.is_file() and not resume:
        print(f"{state} has an unfinished training, which this one replaces (--resume goes on)")
    kept_back = " and ".join(f"{len(part):,} of {name}" for name, part in validation.items())
    print(f"training {options.network} on {_describe(training)}; to validate, {kept_back}")
    told = run or Tracker().run("")
    note_beginning(told, options, data_dir)
    result = fit(
        training, validation, options,
        keep_state_at=state, resume=resume, tell=lambda record: note_epoch(told, record),
    )  # fmt: skip
    card, history = describe_training(result, validation, options, training)
    card = save_weights(weights, result.network, card)
    history = {"network": options.network, "weights_version": card.version} | history
    plots_dir.mkdir(parents=True, exist_ok=True)
    (plots_dir / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
    save_training_history(plots_dir / PLOT, history)
    note_best(told, result.records, result.best_epoch)
    note_weights(told, weights, card)
    told.files([plots_dir / HISTORY, plots_dir / PLOT], "figures")
    best = result.records[result.best_epoch - 1].validation_accuracy
    print(
        f"kept epoch {result.best_epoch}, {best:.2%} on validation, as {card.version} in {weights}"
    )
    if result.ended == "interrupted":
        told.interrupted()
        is_untaught = training.for_branch() is not None
        untaught = (
            f"; these weights do not refuse what is no {options.recipe.kind[:-1]}"
            if is_untaught
            else ""
        )
        print(f"interrupted: the same command with --resume goes on{untaught}", file=sys.stderr)
    else:
        state.unlink(missing_ok=True)
    return result


def _describe(training: TrainingSet) -> str:
    for_branch = training.for_branch()
    more = f" and, for what is none of that, {len(for_branch):,} more" if for_branch else ""
    return f"{len(training):,} images{more} in each epoch"


def _check_place(weights: Path) -> None:
    """Raise WeightsError now rather than after the training, where weights cannot be written."""
    try:
        weights.parent.mkdir(parents=True, exist_ok=True)
        trial = weights.with_name(f".{weights.name}.trial")
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise WeightsError(
            f"could not write the weights to {weights}: {error.strerror or error}; "
            "choose another place with --out"
        ) from error
    if weights.is_dir():
        raise WeightsError(f"{weights} is a folder: --out takes the name of a file in it")


def gather(options: TrainingOptions, data_dir: Path) -> tuple[TrainingSet, dict[str, Digits]]:
    """Return what is trained on, and what is validated on, by name.

    Raises DatasetError for missing or damaged data.
    """
    if options.network == CHARACTERS:
        return gather_characters(options, data_dir, CACHE)
    recipe = options.recipe
    say_phase("reading MNIST")
    mnist = load_mnist(data_dir, train=True)
    scans, scans_to_validate = split(mnist, options.seed, recipe.validation_share)
    if not recipe.mixture:
        return Scans(scans), {"MNIST": scans_to_validate}
    say_phase("reading pen strokes")
    made = render_training(
        data_dir,
        CACHE,
        rounds=ROUNDS,
        letter_rounds=LETTER_ROUNDS,
        scribbles=SCRIBBLES,
        seed=options.seed,
    )
    if not len(made.digits):
        print(
            f"there are no pen strokes in {data_dir / 'pen'}: training on MNIST and scribbles "
            "alone, which reads drawn digits less well (README, Pen strokes)",
            file=sys.stderr,
        )
        recipe = recipe.without_strokes()
    training = ScansAndStrokes(scans, made.digits, made.letters, made.scribbles, recipe)
    return training, parts_to_validate(scans_to_validate, data_dir)


def describe_training(
    result: TrainingResult,
    validation: dict[str, Digits],
    options: TrainingOptions,
    training: TrainingSet,
) -> tuple[Card, dict[str, Any]]:
    """Return the weights' card and the history, both with the figures of the kept epoch."""
    # A branch comes last: that of an interrupted training knows nothing.
    is_taught = training.for_branch() is None or result.ended != "interrupted"
    recipe = options.recipe
    fitted = calibrate(
        result.network,
        validation,
        refuses=bool(recipe.mixture) and is_taught,
        classes=len(recipe.classes),
        sure_accuracy=recipe.sure_accuracy,
    )
    card = Card(
        architecture=options.network,
        classes=recipe.classes,
        mean=MNIST_MEAN,
        std=MNIST_STD,
        temperature=fitted.temperature,
        sure_threshold=fitted.sure_threshold,
        digit_threshold=fitted.digit_threshold,
        training_data=training.sizes,
        attribution=attribution(training.sizes),
        seed=options.seed,
        epochs=result.best_epoch,
        metrics=fitted.figures,
    )
    history = {
        "seed": options.seed,
        "batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
        "training_images": len(training),
        "validation_images": sum(map(len, validation.values())),
        "best_epoch": result.best_epoch,
        "ended": result.ended,
        "temperature": fitted.temperature,
        "sure_threshold": fitted.sure_threshold,
        "digit_threshold": fitted.digit_threshold,
        "validation": fitted.figures,
        "epochs": [asdict(record) for record in result.records],
    }
    return card, history
