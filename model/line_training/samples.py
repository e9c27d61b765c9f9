"""Lines to learn from: recorded ones drawn several times, and composed ones; made once and kept."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.composition.composed_lines import compose_lines
from model.composition.hands import Hand, gather_hands
from model.composition.line_images import sketch_line
from model.composition.patterns import Speller
from model.datasets.alphabet import CHARACTERS
from model.errors import BadDrawing
from model.pen.drawings import CHARACTER_FOLDERS, load_pen_drawings
from model.pen.written_lines import WrittenLine, load_written_lines
from model.synthesis.workers import spread

WIDEST_PX = 300  # of 255 of height for each character: more is ink that strayed from the line
LONGEST = 26  # characters
CHUNK = 50  # composed lines that are made at once


@dataclass(frozen=True)
class LineSamples:
    """Lines with their texts; `strips` is None for those that were only followed, not drawn."""

    texts: list[str]
    strokes: list[list[NDArray[np.float32]]]  # of each line its strokes, (points, 2), y down
    strips: list[NDArray[np.uint8]] | None  # (40, W)

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.texts)


def together(*some: LineSamples) -> LineSamples:
    """Return the lines of several sets, one after the other; drawn ones all."""
    return LineSamples(
        [text for one in some for text in one.texts],
        [strokes for one in some for strokes in one.strokes],
        [strip for one in some for strip in one.strips or []],
    )


@dataclass(frozen=True)
class Amounts:
    """How many lines are learnt from."""

    printed_rounds: int = 4  # how often each recorded line is drawn, with a stroke a character
    joined_rounds: int = 2  # and those that are joined more than that
    composed: int = 150_000


# For a first reader soon, of less quality.
FEW = Amounts(printed_rounds=1, joined_rounds=1, composed=10_000)


def is_usable(line: WrittenLine) -> bool:
    """Tell whether a line can be learnt: of the 62 characters, not too wide for its text."""
    letters = line.text.replace(" ", "")
    if not letters or len(line.text) > LONGEST or set(letters) - set(CHARACTERS):
        return False
    width = max(max(xs) for xs, _ in line.strokes) - min(min(xs) for xs, _ in line.strokes)
    return width <= WIDEST_PX * (len(line.text) + 1)


def gather(data_dir: Path, part: str) -> tuple[list[WrittenLine], list[Hand]]:
    """Return the usable recorded lines of a part, and the hands that its characters give.

    part: `training`, `validation` or `test`. Raises DatasetError for a damaged file.
    """
    recorded = [line for line in load_written_lines(data_dir, part) if is_usable(line)]
    isolated = load_pen_drawings(data_dir, part, CHARACTER_FOLDERS)
    cut = [drawing for line in recorded if " " not in line.text for drawing in line.cut()]
    return recorded, gather_hands([*isolated, *cut])


def make_samples(
    data_dir: Path, cache_dir: Path, amounts: Amounts, words: Sequence[str], seed: int
) -> LineSamples:
    """Return the lines to learn from, drawn; taken from `cache_dir` the next time.

    words: what composed lines spell, besides the recorded texts.
    Raises DatasetError for a damaged file; without recorded lines and hands there are none.
    """
    recorded, hands = gather(data_dir, "training")
    texts = sorted({line.text for line in recorded} | set(words))
    path = cache_dir / f"lines-{_key(recorded, hands, amounts, texts, seed)}.npz"
    kept = _read(path)
    if kept is None:
        kept = _draw(recorded, hands, amounts, texts, seed)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}")
            with temporary.open("wb") as file:
                np.savez(file, **kept)  # type: ignore[arg-type]
            temporary.replace(path)
        except OSError as error:
            print(f"lines are not kept in {path}: {error.strerror}", file=sys.stderr)
    return _unpack(kept)


def _draw(
    recorded: Sequence[WrittenLine],
    hands: Sequence[Hand],
    amounts: Amounts,
    texts: Sequence[str],
    seed: int,
) -> dict[str, NDArray[Any]]:
    jobs: list[tuple[WrittenLine, list[int]]] = []
    for place, line in enumerate(recorded):
        rounds = amounts.printed_rounds if line.is_printed else amounts.joined_rounds
        jobs += [(line, [seed, 0, place, again]) for again in range(rounds)]
    composed = compose_lines(hands, Speller(texts), amounts.composed, seed)
    jobs += [(line, [seed, 1, place]) for place, line in enumerate(composed)]
    lines, strips = [], []
    for (line, _), strip in zip(jobs, spread(_draw_one, jobs, "drawing lines"), strict=True):
        if strip is not None:
            lines.append(line)
            strips.append(strip)
    return _pack(lines, strips)


def _draw_one(job: tuple[WrittenLine, list[int]]) -> NDArray[np.uint8] | None:
    line, seed = job
    try:
        return sketch_line(line.strokes, np.random.default_rng(seed))
    except BadDrawing:  # so thin that nothing is left
        return None


def _pack(
    lines: Sequence[WrittenLine], strips: Sequence[NDArray[np.uint8]]
) -> dict[str, NDArray[Any]]:
    strokes = [np.asarray(stroke, np.float32).T for line in lines for stroke in line.strokes]
    return {
        "texts": np.frombuffer("\n".join(line.text for line in lines).encode(), np.uint8),
        "strokes_of_line": np.array([len(line.strokes) for line in lines], np.int32),
        "points_of_stroke": np.array([len(stroke) for stroke in strokes], np.int32),
        "points": np.concatenate(strokes) if strokes else np.zeros((0, 2), np.float32),
        "widths": np.array([strip.shape[1] for strip in strips], np.int32),
        "strips": np.concatenate([strip.ravel() for strip in strips] or [np.zeros(0, np.uint8)]),
    }


def _unpack(kept: dict[str, NDArray[Any]]) -> LineSamples:
    texts = kept["texts"].tobytes().decode().split("\n") if len(kept["texts"]) else []
    pieces = np.split(kept["points"], np.cumsum(kept["points_of_stroke"])[:-1])
    ends = np.cumsum(kept["strokes_of_line"]).tolist()
    strokes = [pieces[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)] if ends else []
    widths = kept["widths"]
    height = len(kept["strips"]) // max(int(widths.sum()), 1)
    parts = np.split(kept["strips"], np.cumsum(widths * height)[:-1]) if len(widths) else []
    return LineSamples(texts, strokes, [part.reshape(height, -1) for part in parts])


def _read(path: Path) -> dict[str, NDArray[Any]] | None:
    """Return what the cache holds; None where there is nothing, or a file that is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return dict(arrays)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile):
        return None


def _key(
    recorded: Sequence[WrittenLine],
    hands: Sequence[Hand],
    amounts: Amounts,
    texts: Sequence[str],
    seed: int,
) -> str:
    """Return a name for what the drawn lines depend on: the data and the amounts."""
    digest = hashlib.sha256()
    for line in recorded:
        digest.update(json.dumps([line.text, line.strokes]).encode())
    for hand in hands:
        digest.update(json.dumps([hand.source, hand.writer, hand.alphabet]).encode())
    digest.update(json.dumps([vars(amounts), list(texts), seed]).encode())
    return digest.hexdigest()[:16]
