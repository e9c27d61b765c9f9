"""Testing the reader of writing: weights and lines of the test sites in, a report and figures out.

Nothing here was trained on or chosen by: the lines are of `model.pen.sites`' test sites, composed
ones of the hands of the same sites with words of the list, and what is no writing comes from other
generators than those that were learnt from.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.composition.composed_lines import compose_kinds
from model.composition.line_images import CANVAS_HEIGHT_PX, WIDEST_CANVAS
from model.composition.patterns import Speller
from model.datasets.idx import DatasetError
from model.errors import BadDrawing
from model.evaluation.out_of_distribution import SCRIBBLE, SCRIBBLES, SHAPE, stranger
from model.figures.misread_lines import save_mistaken_lines, save_writing_reliability
from model.ink.pen_lines import to_lines
from model.language.word_list import load_words
from model.line_evaluation.text_scores import Read, format_writing, score
from model.line_training.samples import gather
from model.pen.drawings import Strokes
from model.pen.written_lines import WrittenLine
from model.synthesis.canvas_rendering import render
from model.synthesis.workers import spread
from model.writing.reader import Reader, Reading

REPORT, TABLE = "report.json", "evaluation.txt"
RECORDED, COMPOSED, ROWS, STRANGERS = 1500, 2000, 300, 300  # lines of each kind, at most
ROW_GAP = 0.3, 0.9  # between two rows, by the height of the upper one
SHOWN = 24


def evaluate_writing(
    folder: Path, data_dir: Path, results_dir: Path, seed: int = 0,
    counts: tuple[int, int, int, int] = (RECORDED, COMPOSED, ROWS, STRANGERS),
) -> dict[str, Any]:  # fmt: skip
    """Score the reader whose weights are in a folder; write the report, its table and its figures.

    counts: recorded, composed and two-row lines, and things that are no writing, at most.
    Raises WeightsError, DatasetError where there are no lines or a file is damaged, or OSError
    where the results cannot be written.
    """
    recorded, composed, rows, strangers = counts
    reader = Reader.load(folder=folder)
    lines, hands = gather(data_dir, "test")
    if not lines and not hands:
        raise DatasetError(
            f"there is no writing of the test sites in {data_dir}: it takes pen strokes in lines/, "
            "pen/ or pen-more/ (README, Words and lines)"
        )
    _readers.clear()  # the weights of that folder may be others by now
    order = np.random.default_rng([seed, 21]).permutation(len(lines)).tolist()
    lines = [lines[place] for place in order]
    speller = Speller(load_words())
    kinds_made = list(compose_kinds(hands, speller, composed, seed))
    made = [line for _, line in kinds_made]
    sets: dict[str, tuple[list[WrittenLine], str]] = {
        "printed": ([line for line in lines if line.is_printed][:recorded], "characters"),
        "joined": ([line for line in lines if not line.is_printed][: recorded // 3], "characters"),
        "composed": (made, "characters"),
        "number": ([line for kind, line in kinds_made if kind == "number"], "digits"),
        "code": ([line for kind, line in kinds_made if kind == "code"], "characters"),
        "rows": (_two_rows(lines, made, rows, seed), "characters"),
    }
    report: dict[str, Any] = {
        "weights": {
            "strip": reader.settings.strip_version,
            "path": reader.settings.path_version,
            "parameters": reader.parameters,
        },
        "strokes": {},
        "pictures": {},
    }
    read: dict[str, list[Read]] = {}
    for name, (some, alphabet) in sets.items():
        if some:
            read[name] = _read_all(folder, some, alphabet, seed, is_picture=False)
            report["strokes"][name] = score(read[name])
    for name in ("printed", "composed"):
        some, alphabet = sets[name]
        if some:
            half = some[: max(len(some) // 3, 1)]
            pictures = _read_all(folder, half, alphabet, seed, is_picture=True)
            report["pictures"][name] = score(pictures)
    report["refused"] = _refused(reader, strangers, seed)
    report["milliseconds"] = _milliseconds(reader, [m for m in made if len(m.text) == 8][:40])
    results_dir.mkdir(parents=True, exist_ok=True)
    real = read.get("printed", []) + read.get("composed", [])
    mistakes = [
        (to_lines(one.line.strokes), one.line.text, one.reading.text, one.reading.confidence)
        for one in real
        if one.reading is not None and one.reading.text != one.line.text
    ]
    mistakes.sort(key=lambda mistake: -mistake[3])
    save_mistaken_lines(results_dir / "mistakes.png", mistakes[:SHOWN])
    save_writing_reliability(results_dir / "reliability.png", report["strokes"])
    report["figures"] = ["mistakes.png", "reliability.png"]
    (results_dir / REPORT).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (results_dir / TABLE).write_text(format_writing(report) + "\n", encoding="utf-8")
    return report


def _two_rows(
    lines: Sequence[WrittenLine], made: Sequence[WrittenLine], count: int, seed: int
) -> list[WrittenLine]:
    """Return pairs of lines, one beneath the other: of one writer, recorded and composed."""
    chance = np.random.default_rng([seed, 22])
    by_writer: dict[str, list[WrittenLine]] = {}
    for line in [*[one for one in lines if one.is_printed], *made]:
        by_writer.setdefault(line.writer, []).append(line)
    able = [some for some in by_writer.values() if len(some) > 1]
    pairs = []
    for _ in range(count if able else 0):
        some = able[int(chance.integers(len(able)))]
        upper, lower = (some[int(p)] for p in chance.choice(len(some), 2, replace=False))
        pairs.append(_beneath(upper, lower, chance))
    return pairs


def _beneath(upper: WrittenLine, lower: WrittenLine, chance: np.random.Generator) -> WrittenLine:
    above, below = to_lines(upper.strokes), to_lines(lower.strokes)
    bottom = max(float(line[:, 1].max()) for line in above)
    height = bottom - min(float(line[:, 1].min()) for line in above)
    top = min(float(line[:, 1].min()) for line in below)
    shift = np.array([chance.normal(0, 0.2) * height,
                      bottom - top + chance.uniform(*ROW_GAP) * height])  # fmt: skip
    strokes = [line.T.tolist() for line in [*above, *(line + shift for line in below)]]
    return WrittenLine(f"{upper.text}\n{lower.text}", upper.writer, upper.source, strokes)


def _read_all(
    folder: Path, lines: Sequence[WrittenLine], alphabet: str, seed: int, *, is_picture: bool
) -> list[Read]:
    jobs = [
        (str(folder), alphabet, line.strokes, [seed, place] if is_picture else None)
        for place, line in enumerate(lines)
    ]
    found = spread(_read_one, jobs, "reading")
    return [Read(line, reading) for line, reading in zip(lines, found, strict=True)]


_readers: dict[tuple[str, str], Reader] = {}  # of a worker's own process


def _read_one(job: tuple[str, str, Strokes, list[int] | None]) -> Reading | None:
    folder, alphabet, strokes, seed = job
    if (folder, alphabet) not in _readers:
        _readers[folder, alphabet] = Reader.load(alphabet, Path(folder))
    reader = _readers[folder, alphabet]
    try:
        if seed is None:
            return reader.read(strokes=strokes)
        return reader.read(_on_canvas(strokes, seed))
    except BadDrawing:
        return None


def _on_canvas(strokes: Strokes, seed: list[int]) -> NDArray[np.uint8]:
    """Return a line as a canvas of 280 px height holds it, as wide as it needs: RGBA."""
    points = np.concatenate(to_lines(strokes))
    width, height = np.ptp(points, axis=0)
    sides = float(np.clip(width / max(float(height), 1.0), 1.0, WIDEST_CANVAS))
    canvas_px = round(sides * CANVAS_HEIGHT_PX), CANVAS_HEIGHT_PX
    return np.asarray(render(strokes, np.random.default_rng(seed), canvas_px=canvas_px))


def _refused(reader: Reader, count: int, seed: int) -> dict[str, float]:
    """Return the share of scribbles, by their strokes, and of shapes that are no writing."""
    chance = np.random.default_rng([seed, 23])
    refused = {"scribbles": 0, "shapes": 0, "scribbles as pictures": 0}
    for _ in range(count):
        lines = SCRIBBLES[int(chance.integers(len(SCRIBBLES)))](chance)
        strokes = [(line * 100).T.tolist() for line in lines]
        refused["scribbles"] += not reader.read(strokes=strokes).is_writing
        refused["shapes"] += _is_refused(reader, stranger(SHAPE, chance))
        refused["scribbles as pictures"] += _is_refused(reader, stranger(SCRIBBLE, chance))
    return {name: found / count for name, found in refused.items()}


def _is_refused(reader: Reader, picture: NDArray[np.uint8]) -> bool:
    try:
        return not reader.read(picture).is_writing
    except BadDrawing:
        return True


def _milliseconds(reader: Reader, lines: Sequence[WrittenLine]) -> dict[str, float]:
    """Return the median time of one reading of eight characters, on one core."""
    times: dict[str, list[float]] = {"strokes": [], "picture": []}
    for place, line in enumerate(lines):
        picture = _on_canvas(line.strokes, [place])
        started = time.process_time()
        reader.read(strokes=line.strokes)
        between = time.process_time()
        reader.read(picture)
        times["strokes"].append((between - started) * 1e3)
        times["picture"].append((time.process_time() - between) * 1e3)
    return {name: float(np.median(some)) for name, some in times.items() if some}
