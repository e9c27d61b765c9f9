"""Batches for fine-tuning: answers, and replay of what must not be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
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

MOST_ANEW = 20_000  # drawings that are drawn anew: some twenty seconds on two cores
POOL = 5_000  # images that replay takes from
PART = 100  # images that are read at once: what is kept of more fits into no cache
CPU = torch.device("cpu")
# In the seeds of what is dealt and drawn, so that no two of them are the same by chance.
ANSWERS, ANEW, REPLAY, CHANGES, LIGHTER = range(5)


@dataclass(frozen=True)
class Dealt:
    """Images in the order in which batches take them, and how far `vary` may change each."""

    images: Digits
    places: Tensor  # int64 (N,), among the images
    strengths: Tensor  # float32, 0 to 1, of each image

    def __len__(self) -> int:
        """Return how many were dealt; an image may be among them more than once."""
        return len(self.places)

    def of_step(self, step: int, steps: int) -> tuple[Digits, Tensor]:
        """Return the images of one of so many batches, from 0, and their strengths."""
        size = len(self) // steps
        places = self.places[step * size : (step + 1) * size]
        return self.images.take(places), self.strengths[places]


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
            answers, strengths = self.answers.of_step(step, self.steps)
            replayed, other_strengths = self.replay.of_step(step, self.steps)
            images = torch.cat([answers.images, replayed.images])
            amounts = torch.cat([strengths, other_strengths])
            yield normalise(vary(to_ink(images), amounts, chance, self.variation)), answers.labels


def teach(
    drawings: Sequence[AnsweredDrawing],
    count: int,
    way: Way,
    seed: int,
    pen_strength: float,
) -> Dealt:
    """Return `count` images of these drawings, each drawing once before any comes again.

    Those of a lower weight are passed over in some of the rounds.
    Of those with strokes, as many as the way says are drawn anew, bent and with another pen, as
    training does; the others are as they were drawn. pen_strength: how far those drawn anew may be
    changed besides, as they have been bent already.
    """
    if not drawings or not count:
        return dealt(_digits([], []), 0, seed)
    places = _deal_answers(drawings, count, seed)
    has_strokes = torch.tensor([bool(drawing.strokes) for drawing in drawings])
    chosen = torch.from_numpy(np.random.default_rng([seed, ANEW]).random(count) < way.anew_share)
    anew = (chosen & has_strokes[places]).nonzero()[:MOST_ANEW, 0].tolist()
    again = [drawings[place] for place in places[anew].tolist()]
    sketched = sketch_all([_recorded(drawing) for drawing in again], [seed, ANEW], "drawing anew")
    inks = [drawing.ink for drawing in drawings]
    labels = [drawing.label for drawing in drawings]
    for number, drawing, sketch in zip(anew, again, sketched, strict=True):
        if sketch is not None:
            places[number] = len(inks)
            inks.append(sketch)
            labels.append(drawing.label)
    strengths = torch.ones(len(inks))
    strengths[len(drawings) :] = pen_strength
    return Dealt(_digits(inks, labels), places, strengths)


def _deal_answers(drawings: Sequence[AnsweredDrawing], count: int, seed: int) -> Tensor:
    """Return `count` places of drawings; lighter ones are in fewer of the rounds."""
    weights = np.array([drawing.weight for drawing in drawings])
    if (weights == 1).all():
        return deal(len(drawings), count, 1, seed * 4 + ANSWERS)
    assert weights.max() > 0, "what weighs nothing is not learnt from"
    chance = np.random.default_rng([seed, LIGHTER])
    rounds: list[Tensor] = []
    while sum(map(len, rounds)) < count:
        order = chance.permutation(len(drawings))
        rounds.append(torch.from_numpy(order[chance.random(len(order)) < weights[order]]))
    return torch.cat(rounds)[:count]


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
    places = deal(len(digits), count, 1, seed * 4 + REPLAY) if count else torch.empty(0).long()
    return Dealt(digits, places, torch.full((len(digits),), strength))


def shuffled_together(parts: Sequence[Dealt], steps: int) -> Dealt:
    """Return parts as one, such that each of so many batches gets its share of every part."""
    firsts = np.cumsum([0, *(len(part.images) for part in parts[:-1])]).tolist()
    rows = [
        (part.places + first).view(steps, -1) for part, first in zip(parts, firsts, strict=True)
    ]
    images = Digits(
        torch.cat([part.images.images for part in parts]),
        torch.cat([part.images.labels for part in parts]),
    )
    strengths = torch.cat([part.strengths for part in parts])
    return Dealt(images, torch.cat(rows, dim=1).flatten(), strengths)


def _digits(inks: Sequence[NDArray[np.uint8]], labels: Sequence[int]) -> Digits:
    images = np.stack(inks) if inks else np.empty((0, 28, 28), np.uint8)
    return Digits(torch.from_numpy(images), torch.tensor(labels, dtype=torch.int64))


def _recorded(drawing: AnsweredDrawing) -> PenDrawing:
    assert drawing.strokes is not None, "only what has strokes is drawn anew"
    # Habits go by the label; what is no digit has none.
    label = "" if drawing.label == NO_DIGIT else CLASSES[drawing.label]
    return PenDrawing(label, drawing.visitor or "", "answers", drawing.strokes)
