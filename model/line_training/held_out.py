"""Lines of a part that no network learns from, recorded and composed, as on a canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.composition.composed_lines import compose_lines
from model.composition.line_images import canvas_strip
from model.composition.patterns import Speller
from model.errors import BadDrawing
from model.ink.pen_lines import to_lines
from model.line_ink.pen_path import follow
from model.line_training.batches import Batch, to_paths, to_strips
from model.line_training.samples import gather
from model.pen.written_lines import WrittenLine
from model.synthesis.workers import spread

BATCH = 64


@dataclass(frozen=True)
class HeldOut:
    """Lines with what the two networks take of each."""

    lines: list[WrittenLine]
    strips: list[NDArray[np.uint8]]
    paths: list[NDArray[np.float32]]

    def batches(self, kind: str) -> list[Batch]:
        """Return the lines in batches for a network, `strip` or `path`, the shortest first."""
        lengths = [len(path) for path in self.paths]
        order = np.argsort(lengths, kind="stable").tolist()
        groups = [order[first : first + BATCH] for first in range(0, len(order), BATCH)]
        texts = [[self.lines[place].text for place in group] for group in groups]
        if kind == "strip":
            return [
                to_strips([self.strips[place] for place in group], said)
                for group, said in zip(groups, texts, strict=True)
            ]
        return [
            to_paths([self.paths[place] for place in group], said)
            for group, said in zip(groups, texts, strict=True)
        ]


def hold_out(
    data_dir: Path, part: str, recorded: int, composed: int, words: Sequence[str], seed: int
) -> dict[str, HeldOut]:
    """Return lines of a part by how they came to be: `printed`, `joined`, `composed`.

    part: `validation` or `test`. recorded: how many printed lines at most, drawn from all, and as
    many joined ones as there are beside them in the same draw; composed: how many. words: what
    composed words are taken from; the part's own texts are not among them.
    Raises DatasetError for a damaged file.
    """
    lines, hands = gather(data_dir, part)
    order = np.random.default_rng([seed, 11]).permutation(len(lines)).tolist()
    printed = [lines[place] for place in order if lines[place].is_printed][:recorded]
    joined = [lines[place] for place in order if not lines[place].is_printed]
    joined = joined[: recorded // 3]
    made = list(compose_lines(hands, Speller(words), composed, seed))
    sets = {"printed": printed, "joined": joined, "composed": made}
    return {name: _drawn(some, seed) for name, some in sets.items() if some}


def _drawn(lines: Sequence[WrittenLine], seed: int) -> HeldOut:
    jobs = [(line, [seed, place]) for place, line in enumerate(lines)]
    strips = list(spread(_strip, jobs, "drawing lines"))
    read = [(a, b) for a, b in zip(lines, strips, strict=True) if b is not None]
    paths = [follow(to_lines(line.strokes)) for line, _ in read]
    return HeldOut([line for line, _ in read], [strip for _, strip in read], paths)


def _strip(job: tuple[WrittenLine, list[int]]) -> NDArray[np.uint8] | None:
    line, seed = job
    try:
        return canvas_strip(line.strokes, seed)
    except BadDrawing:
        return None
