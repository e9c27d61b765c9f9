"""Digits of UCI's "Pen-Based Recognition of Handwritten Digits", as they were recorded.

E. Alpaydin and F. Alimoglu, 1998, archive.ics.uci.edu/dataset/81, CC BY 4.0. The recordings are
`pendigits-orig.tra` (7,494 digits by 30 writers) and `pendigits-orig.tes` (3,498 by 14 others), in
UNIPEN 1.0, compressed with `compress` (`.Z`). Between a digit's `.SEGMENT` and its strokes stands
`.COMMENT DIGIT WRITER NUMBER`. There is neither `.COORD` nor an included file: points are x and y,
from the lower left corner of a box of 500 x 500.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from model.datasets.idx import DatasetError
from model.pen.drawings import PenDrawing
from model.pen.quick_draw import to_quick_draw
from model.pen.unipen import DamagedInk, Recording, read_recording, read_text

# By the ending of the recording: the collection's name in `source`, in `writer` and on disk. Both
# count their writers from 1, so that the second needs a name of its own.
COLLECTIONS = {".tra": "pendigits", ".tes": "pendigits-tes"}
WANTED = "pendigits-orig.tra or pendigits-orig.tes, as they are or as .Z"


def find_pendigits(paths: list[Path]) -> dict[str, Path]:
    """Return the recording of each collection that `paths`, files or folders, hold.

    Raises DatasetError for a path that holds none, and for other files of the data set.
    """
    found: dict[str, Path] = {}
    for path in paths:
        files = [path]
        if path.is_dir():
            files = sorted(path.glob("pendigits-orig.t[re][as]*"), reverse=True)
            files = [file for file in files if _collection(file)]  # .Z first: the plain form wins
        elif not path.exists():
            raise DatasetError(f"there is no {path}: name {WANTED}, or the folder that holds them")
        if not files or not all(map(_collection, files)):
            raise DatasetError(f"{path} is no recording of Pendigits: name {WANTED}")
        found |= {_collection(file): file for file in files}
    return found


def _collection(file: Path) -> str:
    name = file.name.removesuffix(".Z")
    ending = Path(name).suffix
    return COLLECTIONS.get(ending, "") if name != f"pendigits{ending}" else ""


def read_pendigits(
    file: Path, skipped: Counter[str], epsilon_px: float = 0.0
) -> Iterator[PenDrawing]:
    """Yield the digits of a recording, in its order; count in `skipped` what is damaged.

    Raises DatasetError when the file cannot be read, ImportError when a library is missing.
    """
    collection = _collection(file)
    recording = _read(file)
    for number, segment in enumerate(recording.segments):
        asked, _, rest = segment.comment.partition(" ")
        writer = rest.partition(" ")[0]
        if segment.label not in set("0123456789") or asked != segment.label or not writer:
            skipped["segments without a digit and its writer"] += 1
            continue
        try:
            strokes, _ = recording.ink(number)
        except DamagedInk as damage:
            skipped[str(damage)] += 1
            continue
        yield PenDrawing(
            label=segment.label,
            writer=f"{collection}/{writer}",
            source=collection,
            strokes=to_quick_draw(strokes, epsilon_px),
        )


def _read(file: Path) -> Recording:
    try:
        text = _uncompress(file) if file.suffix == ".Z" else read_text(file)
    except (OSError, ValueError, Warning) as error:
        raise DatasetError(f"could not read {file}: {error}") from error
    return read_recording(text, file.name, columns=("X", "Y"))


def _uncompress(file: Path) -> str:
    import uncompresspy

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # that is how it reports a file that ends too early
        with uncompresspy.open(file) as content:
            return str(content.read(), "latin-1").replace("\r\n", "\n")
