"""A handful of everything that the reader of characters learns from and is tested on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np

from model.datasets.alphabet import CHARACTERS
from model.datasets.emnist import emnist_files
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist, write_idx

SEVEN = [[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]]
MARK = [[[0, 60, 120, 180, 240], [0, 200, 20, 200, 0]]]
ROWS = [
    *[("7", "syn", SEVEN), ("w", "syn", MARK), ("w", "syn", MARK), ("#", "syn", MARK)],
    *[("7", "apa", SEVEN), ("w", "val", MARK), ("7", "ibm", SEVEN), ("w", "ced", MARK)],
]


def write_emnist(data_dir: Path, split: str, labels: list[int], *, train: bool) -> None:
    """Write scans, which are of digits, as if they were of these labels."""
    raw = data_dir / "EMNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    images, names = scanned_digits().images[: len(labels)].numpy(), emnist_files(split, train=train)
    write_idx(raw / names[0], images.transpose(0, 2, 1))
    write_idx(raw / names[1], np.array(labels, np.uint8))


def write_characters(data_dir: Path, *, with_strokes: bool = True) -> Path:
    """Write MNIST, EMNIST and, if wanted, isolated characters and a segmented word."""
    write_as_mnist(data_dir, scanned_digits())
    write_emnist(data_dir, "byclass", [place % 62 for place in range(124)], train=True)
    write_emnist(data_dir, "bymerge", [place % 47 for place in range(94)], train=True)
    write_emnist(data_dir, "byclass", [place % 62 for place in range(62)], train=False)
    write_emnist(data_dir, "letters", [1 + place % 26 for place in range(52)], train=False)
    if not with_strokes:
        return data_dir
    rows = [
        {"word": word, "source": site, "writer": "1", "drawing": strokes}
        for word, site, strokes in ROWS
    ]
    _write_rows(data_dir / "pen" / "some.ndjson.gz", rows)
    word = {"word": "aw", "source": "syn", "writer": "syn/1", "drawing": [*SEVEN, *MARK]}
    twice = {**word, "word": "a w"}  # the line that the word stands in
    lines = [{**row, "characters": [[0, 1], [2]]} for row in (word, twice)]
    _write_rows(data_dir / "lines" / "some.ndjson.gz", lines)
    return data_dir


def _write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    assert all(row["word"] == "#" or str(row["word"])[0] in CHARACTERS for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
