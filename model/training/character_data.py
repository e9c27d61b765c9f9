"""What trains and validates the reader of characters: scans, and pen strokes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model.datasets.alphabet import CASELESS, CHARACTERS
from model.datasets.emnist import load_emnist
from model.datasets.mnist import Digits, load_mnist, normalise, split, to_ink
from model.pen.drawings import CHARACTER_FOLDERS, PenDrawing, load_pen_drawings
from model.synthesis.augment import vary
from model.synthesis.canvas_images import draw_all
from model.synthesis.character_images import NO_CHARACTER, render_characters
from model.synthesis.progress import say_phase
from model.training.data import deal, epoch_chance
from model.training.options import Recipe, TrainingOptions

OF_EACH, MOST_ROUNDS = 1500, 5  # renderings of a class, at least, and of one drawing, at most
SCRIBBLES = 12_000
VALIDATED = 30  # pen characters of each class, at most: more would take longer than an epoch
# Labels beyond those of the characters: none of them, then the letters of which no case is known.
MERGED_LABELS = {letter: NO_CHARACTER + 1 + place for place, letter in enumerate(CASELESS)}


def meaning_table() -> Tensor:
    """Return what each label may mean: bool (labels, 63), the last column for no character."""
    table = torch.zeros(NO_CHARACTER + 1 + len(CASELESS), NO_CHARACTER + 1, dtype=torch.bool)
    table[: NO_CHARACTER + 1] = torch.eye(NO_CHARACTER + 1, dtype=torch.bool)
    for letter, label in MERGED_LABELS.items():
        table[label, [CHARACTERS.index(letter), CHARACTERS.index(letter.upper())]] = True
    return table


@dataclass(frozen=True)
class CharacterParts:
    """What there is to train on; labels are rows of `meaning_table`."""

    scans: Digits
    strokes: Digits
    scribbles: Digits

    def to(self, device: torch.device) -> CharacterParts:
        """Return the same in the memory of a device."""
        return CharacterParts(
            self.scans.to(device), self.strokes.to(device), self.scribbles.to(device)
        )


class Characters:
    """Scans, pen characters in ever other renderings, and what is no character."""

    def __init__(self, parts: CharacterParts, sizes: dict[str, int], recipe: Recipe) -> None:
        """Keep all of them; the recipe's mixture says how many of each an epoch takes."""
        assert recipe.mixture, "a mixture is what this is for"
        self.parts, self.recipe, self._sizes = parts, recipe, sizes
        self.mixture = recipe.mixture
        # A scan's chance is such that a class four times as large comes twice as often.
        labels = parts.scans.labels.cpu()
        counts = torch.bincount(labels).double()
        self._chances = counts[labels] ** -0.5

    def __len__(self) -> int:
        """Return how many images an epoch sees."""
        return self.mixture.total

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many different images of each source there are."""
        return self._sizes

    def to(self, device: torch.device) -> Characters:
        """Return the same in the memory of a device."""
        return Characters(self.parts.to(device), self._sizes, self.recipe)

    def batches(self, options: TrainingOptions, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images, float32 (N, 1, 28, 28), and which classes are meant, bool (N, 62).

        Where there are scribbles among them, one column more is for those.
        """
        chance, mixture, parts = epoch_chance(options, epoch), self.mixture, self.parts
        dealt = [parts.scans.take(self._draw_scans(mixture.scans, chance))]
        counts = (mixture.strokes, mixture.scribbles)
        for place, (part, count) in enumerate(
            zip((parts.strokes, parts.scribbles), counts, strict=True), start=1
        ):
            if count:
                cards = deal(len(part), count, epoch, options.seed * 4 + place)
                dealt.append(part.take(cards.to(part.labels.device)))
        images = torch.cat([part.images for part in dealt])
        labels = torch.cat([part.labels for part in dealt])
        strengths = torch.full((len(labels),), self.recipe.pen_strength)
        strengths[: mixture.scans] = 1
        columns = NO_CHARACTER + bool(mixture.scribbles)
        table = meaning_table()[:, :columns].to(labels.device)
        for indices in torch.split(
            torch.randperm(len(labels), generator=chance), options.batch_size
        ):
            there = indices.to(labels.device)
            varied = vary(to_ink(images[there]), strengths[indices], chance, self.recipe.variation)
            yield normalise(varied), table[labels[there]]

    def _draw_scans(self, count: int, chance: torch.Generator) -> Tensor:
        drawn = torch.multinomial(self._chances, count, replacement=True, generator=chance)
        return drawn.to(self.parts.scans.labels.device)

    def for_branch(self) -> Characters | None:
        """Return the same images in the recipe's other mixture, and varied as it says for that."""
        recipe = self.recipe
        if recipe.branch_mixture is None:
            return None
        of_branch = replace(
            recipe,
            mixture=recipe.branch_mixture,
            branch_mixture=None,
            variation=recipe.branch_variation,
        )
        return Characters(self.parts, self._sizes, of_branch)


def gather_characters(
    options: TrainingOptions, data_dir: Path, cache_dir: Path
) -> tuple[Characters, dict[str, Digits]]:
    """Return what the reader of characters trains on, and what it is validated on, by name.

    cache_dir: where renderings are kept. Raises DatasetError for missing or damaged data.
    """
    recipe = options.recipe
    say_phase("reading EMNIST")
    by_class = load_emnist(data_dir, "byclass", train=True)
    emnist, to_validate = split(
        Digits(by_class.images, by_class.labels), options.seed, recipe.validation_share
    )
    merged = load_emnist(data_dir, "bymerge", train=True)
    rows = [_label_of(meaning.nonzero()[:, 0].tolist()) for meaning in merged.meanings]
    mnist = load_mnist(data_dir, train=True)
    made = render_characters(
        data_dir,
        cache_dir,
        of_each=OF_EACH,
        most_rounds=MOST_ROUNDS,
        scribbles=SCRIBBLES,
        seed=options.seed,
    )
    if not len(made.characters):
        print(
            f"there are no pen strokes in {data_dir / 'pen'}: training on scans and scribbles "
            "alone, which reads drawn characters less well (README, Pen strokes)",
            file=sys.stderr,
        )
        recipe = recipe.without_strokes()
    scans = Digits(
        torch.cat([emnist.images, merged.images, mnist.images]),
        torch.cat([emnist.labels, torch.tensor(rows)[merged.labels], mnist.labels]),
    )
    sizes = {"EMNIST": len(emnist) + len(merged), "MNIST": len(mnist), **made.drawings}
    sizes["scribbles"] = len(made.scribbles)
    parts = CharacterParts(scans, made.characters, made.scribbles)
    return Characters(parts, sizes, recipe), {"EMNIST": to_validate, **_drawn(data_dir)}


def _label_of(places: list[int]) -> int:
    """Return the row of `meaning_table` that means these characters: one, or a letter's cases."""
    return places[0] if len(places) == 1 else MERGED_LABELS[CHARACTERS[places[0]].lower()]


def _drawn(data_dir: Path) -> dict[str, Digits]:
    """Return pen characters of the validation sites, where there are any, as many of each class."""
    drawings = load_pen_drawings(data_dir, "validation", CHARACTER_FOLDERS)
    drawn = draw_all(some_of_each([d for d in drawings if d.label in CHARACTERS], VALIDATED))
    labels = np.array([CHARACTERS.index(label) for label in drawn.labels], np.int64)
    readable = drawn.readable
    if not readable.any():
        return {}
    return {
        "pen": Digits(torch.from_numpy(drawn.inks[readable]), torch.from_numpy(labels[readable]))
    }


def some_of_each(drawings: Sequence[PenDrawing], most: int) -> list[PenDrawing]:
    """Return the drawings with at most so many of each class, evenly from all of its own."""
    found = Counter(drawing.label for drawing in drawings)
    met: Counter[str] = Counter()
    chosen = []
    for drawing in drawings:
        count, place = found[drawing.label], met[drawing.label]
        met[drawing.label] += 1
        # Of `count` in a row, those at which another of `most` equal parts begins.
        if count <= most or place * most // count != (place - 1) * most // count:
            chosen.append(drawing)
    return chosen
