"""A tiny folder of data: a few lines of plain printing at sites of each part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from model.line_ink.line_strip import strip_of_strokes
from model.line_training.samples import LineSamples
from model.pen.written_lines import WrittenLine
from tests.model.writing.plain_hand import GLYPHS, write

TEXTS = "HAT", "tin", "1724", "LET", "TEN", "MAN", "41", "nt"
SITES = {"training": "syn", "validation": "apa", "test": "ced"}


def line(text: str, site: str = "syn", writer: str = "one", **changes: Any) -> WrittenLine:
    places, characters = 0, []
    for character in text.replace(" ", ""):
        count = len(GLYPHS[character])
        characters.append(tuple(range(places, places + count)))
        places += count
    told: dict[str, Any] = {"strokes": write(text), "characters": tuple(characters)} | changes
    return WrittenLine(text, f"{site}/{writer}", site, **told)


def write_data(folder: Path, *parts: str) -> Path:
    """Write `folder`/lines with the texts of each part, by one writer, and return `folder`."""
    rows = [
        {
            "word": one.text, "source": one.source, "writer": one.writer,
            "drawing": one.strokes, "characters": one.characters,
        }
        for part in parts
        for one in (line(text, SITES[part]) for text in TEXTS)
    ]  # fmt: skip
    (folder / "lines").mkdir(parents=True, exist_ok=True)
    (folder / "lines" / "some.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def samples(*texts: str) -> LineSamples:
    """Return lines as they are learnt from."""
    strokes = [[np.array(stroke, np.float32).T for stroke in write(text)] for text in texts]
    strips = [strip_of_strokes([s.astype(float) for s in some]) for some in strokes]
    return LineSamples(list(texts), strokes, strips)
