"""Batches for fine-tuning: answers, and replay of what must not be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from model.datasets.mnist import CLASSES, Digits, normalise, to_ink
from model.finetuning.answered import NO_DIGIT, AnsweredDrawing
from model.finetuning.ways import Way
from model.networks.registry import fuse
from model.networks.six_convolutions import SixConvolutionNetwork
from model.pen.drawings import PenDrawing
from model.synthesis.augment import Variation, vary
from model.synthesis.training_images import sketch_all
from model.training.data import deal
from model.training.options import has_fast_bfloat16

POOL = 5_000  # images that replay takes from
PART = 100  # images that are read at once: what is kept of more fits into no cache
CPU = torch.device("cpu")
# In the seeds of what is dealt and drawn, so that no two of them are the same by chance.
ANSWERS, ANEW, REPLAY, CHANGES = range(4)


@dataclass(frozen=True)
class Dealt:
    """Images in the order in which batches take them, and how far `vary` may change each."""

    digits: Digits
    strengths: Tensor  # float32 (N,), 0 to 1

    def __len__(self) -> int:
        """Return how many images there are."""
        return len(self.digits)

    def of_step(self, step: int, steps: int) -> Dealt:
        """Return the images of one of so many batches, from 0."""
        size = len(self) // steps
        places = torch.arange(step * size, (step + 1) * size)
        return Dealt(self.digits.take(places), self.strengths[places])


@dataclass(frozen=True)
class Lessons:
    """Images for a number of batches, all of one size: answers first, then replay.

    Each is as it was drawn or rendered; `batches` changes it a little at every step.
    """

    answers: Dealt  # labelled by people
    replay: Dealt  # whose labels are not looked at
    steps: int
    variation: Variation
    seed: int

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images as networks take them, float32 (N, 1, 28, 28), and the answers' labels.

        The first images are the answers, as many as there are labels; the others are replayed.
        """
        for step in range(self.steps):
            chance = torch.Generator().manual_seed((self.seed * 4 + CHANGES) * 100_003 + step)
            answers = self.answers.of_step(step, self.steps)
            replayed = self.replay.of_step(step, self.steps)
            images = torch.cat([answers.digits.images, replayed.digits.images])
            strengths = torch.cat([answers.strengths, replayed.strengths])
            varied = vary(to_ink(images), strengths, chance, self.variation)
            yield normalise(varied), answers.digits.labels


def teach(
    drawings: Sequence[AnsweredDrawing],
    count: int,
    way: Way,
    seed: int,
    pen_strength: float,
) -> Dealt:
    """Return `count` images of these drawings, each drawing once before any comes again.

    Of those with strokes, as many as the way says are drawn anew, bent and with another pen, as
    training does; the others are as they were drawn. pen_strength: how far those drawn anew may be
    changed besides, as they have been bent already.
    """
    if not drawings or not count:
        nothing = Digits(torch.empty(0, 28, 28, dtype=torch.uint8), torch.empty(0).long())
        return Dealt(nothing, torch.empty(0))
    places = deal(len(drawings), count, 1, seed * 4 + ANSWERS).tolist()
    chosen = np.random.default_rng([seed, ANEW]).random(count) < way.anew_share
    taught = [drawings[place] for place in places]
    images = np.stack([drawing.ink for drawing in taught])
    anew = [n for n, drawing in enumerate(taught) if chosen[n] and drawing.strokes]
    recorded = [_recorded(taught[number]) for number in anew]
    sketched = sketch_all(recorded, [seed, ANEW], "drawing anew")
    strengths = torch.ones(count)
    for number, sketch in zip(anew, sketched, strict=True):
        if sketch is not None:
            images[number] = sketch
            strengths[number] = pen_strength
    labels = torch.tensor([drawing.label for drawing in taught])
    return Dealt(Digits(torch.from_numpy(images), labels), strengths)


def hardest(parent: nn.Module, scans: Digits) -> Digits:
    """Return the `POOL` scans that the parent, in evaluation mode on the CPU, is least sure of."""
    sureness = read_quickly(parent, scans, "what it is least sure of").softmax(dim=1).amax(dim=1)
    return scans.take(sureness.argsort(stable=True)[:POOL])


def read_quickly(network: nn.Module, digits: Digits, what: str) -> Tensor:
    """Return the logits of the digits alone, float32 (N, 10), of a network on the CPU.

    A fifth of the time of `predict_logits`, and a little less exact where layers compute in
    bfloat16: for choosing, and for counting what is read right. what: the progress bar's words.
    """
    fused = fuse(network.eval()).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    read = digits_of(fused)
    parts = []
    with (
        torch.inference_mode(),
        torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bfloat16(CPU)),
        tqdm(total=len(digits), desc=what, unit=" images", leave=False, disable=None) as bar,
    ):
        for images in torch.split(digits.images, PART):
            parts.append(read(normalise(to_ink(images)))[:, : len(CLASSES)].float())
            bar.update(len(images))
    return torch.cat(parts)


def digits_of(network: nn.Module) -> Callable[[Tensor], Tensor]:
    """Return what reads digits alone: the branch, where there is one, costs nothing."""
    return network.read_digits if isinstance(network, SixConvolutionNetwork) else network


def dealt(digits: Digits, count: int, seed: int, strength: float = 1.0) -> Dealt:
    """Return `count` of these, each once before any comes again; strength: how far all may vary."""
    places = deal(len(digits), count, 1, seed * 4 + REPLAY)
    return Dealt(digits.take(places), torch.full((count,), strength))


def shuffled_together(parts: Sequence[Dealt], steps: int) -> Dealt:
    """Return parts as one, such that each of so many batches gets its share of every part."""
    pieces = [part.of_step(step, steps) for step in range(steps) for part in parts if len(part)]
    return Dealt(
        Digits(
            torch.cat([piece.digits.images for piece in pieces]),
            torch.cat([piece.digits.labels for piece in pieces]),
        ),
        torch.cat([piece.strengths for piece in pieces]),
    )


def _recorded(drawing: AnsweredDrawing) -> PenDrawing:
    assert drawing.strokes is not None, "only what has strokes is drawn anew"
    # Habits go by the label; what is no digit has none.
    label = "" if drawing.label == NO_DIGIT else CLASSES[drawing.label]
    return PenDrawing(label, drawing.visitor or "", "answers", drawing.strokes)
