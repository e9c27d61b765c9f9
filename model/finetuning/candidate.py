"""One whole fine-tuning: answered drawings in; a pair of weights with its card out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from model.datasets.mnist import Digits, load_mnist, split
from model.errors import WeightsError
from model.finetuning.answered import NO_DIGIT, AnsweredDrawing, Tally, tally
from model.finetuning.going_on import learn_digits, learn_refusal
from model.finetuning.lessons import Lessons, dealt, hardest, read_quickly, teach
from model.finetuning.no_digit_lessons import no_digit_lessons
from model.finetuning.ways import CONVOLUTIONS, HARDEST, FineTuningOptions
from model.networks.checkpoint import load_weights, save_weights
from model.networks.registry import fuse
from model.networks.six_convolutions import SixConvolutionNetwork
from model.tracking.provenance import code_version, digests, machine, training_files
from model.tracking.tracker import Run, Tracker
from model.training.notebook import note_weights
from model.training.options import RECIPES, choose_device
from model.training.validation import calibrate, parts_to_validate
from model.weight_files.card import Card, FineTuning
from model.weight_files.places import SHIPPED, pair_of
from model.weight_files.tensors import complete

ANSWERS = "answers"  # among the parts that are counted below, and among the card's training data


@dataclass(frozen=True)
class Candidate:
    """Weights that went on from others, and how right both were."""

    weights: Path  # NAME.safetensors
    card: Card
    steps: int
    parent_right: dict[str, float]  # share read right, of the answers and each validation part
    right: dict[str, float]


def fine_tune(
    parent: Path,
    drawings: Sequence[AnsweredDrawing],
    data_dir: Path,
    options: FineTuningOptions,
    *,
    folder: Path,
    out: Path | None = None,
    run: Run | None = None,
) -> Candidate:
    """Go on from weights with people's answers; leave a pair of weights, and say what came out.

    parent: either file of the weights. out: where the new ones go; None: into `folder`, under their
    version. run: where the tracker keeps what is told and what came out. MNIST is split as it was
    for the parent. Raises TooLittleToLearn, WeightsError, DatasetError or BadOption, before
    anything has been learnt, where it can.
    """
    counts = tally(drawings)
    network, card = load_weights(parent)
    check_out(out, parent)
    device = choose_device(options.device)
    recipe = RECIPES[card.architecture]
    mnist = load_mnist(data_dir, train=True)
    scans, scans_to_validate = split(mnist, card.seed, recipe.validation_share)
    validation = parts_to_validate(scans_to_validate, data_dir)
    if len(validation) == 1 and recipe.mixture:
        print(
            f"there are no pen strokes in {data_dir / 'pen'}: temperature and thresholds are "
            "fitted on scans alone, which says less about drawings (README, Pen strokes)",
            file=sys.stderr,
        )
    of_digits = [drawing for drawing in drawings if drawing.label != NO_DIGIT]
    steps = options.steps_for(len(of_digits))
    _announce(card, counts, options, steps)
    run = run or Tracker().run("finetune")
    if run.is_tracked:  # digests take a while
        run.options(_told(card, counts, options, steps))
        run.data(digests(training_files(data_dir), data_dir))
        run.tags({**machine(), **code_version()})
    learnt = network
    if of_digits:
        learnt = _learn_digits(network, card, of_digits, scans, options, steps, device, run)
    refuses = card.digit_threshold is not None and isinstance(network, SixConvolutionNetwork)
    if refuses:
        lessons = no_digit_lessons(
            drawings, scans, data_dir, steps=steps, way=options.way, seed=options.seed,
            recipe=recipe,
        )  # fmt: skip
        learnt = learn_refusal(learnt, network, lessons, options.way, card.architecture, device)
    elif counts.not_digits:
        print(
            f"{card.version} refuses nothing: drawings of no digit teach it nothing",
            file=sys.stderr,
        )
    print("fitting temperature and thresholds", flush=True)
    quick = fuse(learnt).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    fitted = calibrate(quick, validation, refuses=refuses)
    parts = validation | ({ANSWERS: _as_digits(of_digits)} if of_digits else {})
    made = replace(
        card,
        temperature=fitted.temperature,
        sure_threshold=fitted.sure_threshold,
        digit_threshold=fitted.digit_threshold,
        metrics=fitted.figures,
        training_data={**card.training_data, ANSWERS: counts.digits + counts.not_digits},
        fine_tuning=FineTuning(
            parent=card.version,
            digits=counts.digits,
            not_digits=counts.not_digits,
            visitors=counts.visitors,
            until=counts.until.isoformat(timespec="seconds") if counts.until else None,
            steps=steps,
            seed=options.seed,
        ),
    )
    path = pair_of(out).tensors if out else folder / f"{_version(made, learnt)}.safetensors"
    made = save_weights(path, learnt, made)
    candidate = Candidate(path, made, steps, _right(network, parts), _right(learnt, parts))
    _report(candidate)
    note_weights(run, path, made)
    run.metrics({f"right/{name}": share for name, share in candidate.right.items()})
    run.metrics({f"right/{name}/parent": s for name, s in candidate.parent_right.items()})
    return candidate


def check_out(out: Path | None, parent: Path) -> None:
    """Raise WeightsError where new weights would replace shipped ones or those they go on from."""
    if out is None:
        return
    if out.is_dir():
        raise WeightsError(f"{out} is a folder: --out takes the name of a file in it")
    shipped = {file.resolve() for file in SHIPPED.glob("*")}
    old = {file.resolve() for file in pair_of(parent)}
    if {file.resolve() for file in pair_of(out)} & (shipped | old):
        what = "the weights it goes on from" if pair_of(out).tensors.resolve() in old else "shipped"
        raise WeightsError(f"{out} would replace {what}: choose another name with --out")


def _learn_digits(
    network: nn.Module,
    card: Card,
    drawings: Sequence[AnsweredDrawing],
    scans: Digits,
    options: FineTuningOptions,
    steps: int,
    device: torch.device,
    run: Run,
) -> nn.Module:
    way, recipe = options.way, RECIPES[card.architecture]
    answers = teach(drawings, steps * way.answers_per_step, way, options.seed, recipe.pen_strength)
    pool = hardest(network, scans) if way.replay == HARDEST else scans
    replayed = dealt(pool, steps * way.replay_per_step, options.seed)
    lessons = Lessons(answers, replayed, steps, recipe.variation, options.seed)

    def note(step: int, figures: dict[str, float]) -> None:
        run.epoch(step, figures)
        if not sys.stderr.isatty():  # no bar is shown: a log, or whoever watches this process
            print(f"step {step:,} of {steps:,}", flush=True)

    return learn_digits(network, lessons, way, card.architecture, device, note)


def _told(card: Card, counts: Tally, options: FineTuningOptions, steps: int) -> dict[str, object]:
    """Return what the tracker keeps of what the fine-tuning was told."""
    known = {"parent": card.version, "steps": steps, "seed": options.seed}
    answers = {f"answers.{name}": value for name, value in asdict(counts).items()}
    return {**known, **answers, **{f"way.{k}": v for k, v in asdict(options.way).items()}}


def _announce(card: Card, counts: Tally, options: FineTuningOptions, steps: int) -> None:
    layers = "the last layers alone" if options.way.freeze == CONVOLUTIONS else "all layers"
    print(f"fine-tuning {card.version} on {counts}: {steps:,} steps of {layers}", flush=True)
    if counts.missing and counts.digits:
        print(f"there are no drawings of {', '.join(counts.missing)} among them")


def _report(candidate: Candidate) -> None:
    for name, right in candidate.right.items():
        what = "these drawings themselves" if name == ANSWERS else f"{name}, validation"
        print(f"{what}: {candidate.parent_right[name]:.2%} read right before, {right:.2%} now")
    files = pair_of(candidate.weights)
    print(f"kept as {candidate.card.version} in {files.tensors} and {files.graph.name}")


def _as_digits(drawings: Sequence[AnsweredDrawing]) -> Digits:
    return Digits(
        torch.from_numpy(np.stack([drawing.ink for drawing in drawings])),
        torch.tensor([drawing.label for drawing in drawings]),
    )


def _right(network: nn.Module, parts: Mapping[str, Digits]) -> dict[str, float]:
    return {
        name: float(
            (read_quickly(network, part, "reading").argmax(dim=1) == part.labels).double().mean()
        )
        for name, part in parts.items()
    }


def _version(card: Card, network: nn.Module) -> str:
    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    return complete(card, tensors).version
