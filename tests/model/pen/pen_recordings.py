"""Small recordings in the forms in which the public pen collections come."""

from __future__ import annotations

import tarfile
from pathlib import Path

PENDIGITS = """.INCLUDE dene.doc
.LEXICON "0" "1"
.HIERARCHY DIGIT
.SEGMENT DIGIT 0 ? "8"
.COMMENT 8 12 1
.PEN_DOWN
 273  323
 300  300
 273  277
.PEN_UP
.DT 100
.SEGMENT DIGIT 1-2 ? "4"
.COMMENT 4 26 2
.PEN_DOWN
 0  100
 50  0
.PEN_UP
.DT 100
.PEN_DOWN
 25  75
 25  0
.PEN_UP
.DT 100
"""

RELEASE = {
    "CDROM-README": "Contents of the CDROM:\n",
    "include/apa/app.doc": """.VERSION 1.0
.DATA_SOURCE Perception Systems
.COORD X Y
.HIERARCHY TEXT CHARACTER
.X_DIM 1000
.Y_DIM 500
""",
    "include/apa/data/apa00/app0001.dat": """.WRITER_ID Somebody
.PEN_DOWN
\t0\t100
\t0\t0
.PEN_UP
.PEN_DOWN
\t0\t0
.PEN_UP
.PEN_DOWN
\t500\t200
\t600\t100
.PEN_UP
""",
    "data/1a/apa/apa00/app0001.dat": """.VERSION 1.0
.INCLUDE apa/app.doc
.INCLUDE apa/data/apa00/app0001.dat
.SEGMENT TEXT 0-2 ? "1 7"
.SEGMENT CHARACTER 0 ? "1"
.SEGMENT CHARACTER 2 ? "7"
""",
    "data/1b/apa/apa00/app0001.dat": """.VERSION 1.0
.INCLUDE apa/app.doc
.INCLUDE apa/data/apa00/app0001.dat
.SEGMENT CHARACTER 0 ? "I"
""",
    # The ink includes its own description; its columns have a time; the pen is seen in the air.
    "include/tos/f1.doc": ".COORD X Y T\n.HIERARCHY CHARACTER\n.X_POINTS_PER_MM 10\n",
    "include/tos/data/f1.dat": """.INCLUDE tos/f1.doc
.PEN_DOWN
0 10 1
10 10 2
.PEN_UP
10 10 3
5 20 4
.PEN_DOWN
5 20 5
5 0 6
9 9 7
.PEN_UP
""",
    "data/1c/tos/f1.dat": """.VERSION 1.0
.INCLUDE tos/data/f1.dat
.SEGMENT CHARACTER 0-2:1 OK "t"
""",
    "data/1d/tos/f1.dat": '.INCLUDE tos/data/f1.dat\n.SEGMENT CHARACTER 0 OK "-"\n',
}


def write_release(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """Write `folder`/train_r01_v07 as its archive unpacks, and return `folder`."""
    for name, text in (RELEASE | (changes or {})).items():
        file = folder / "train_r01_v07" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="latin-1")
    return folder


def write_archive(file: Path, folder: Path, compression: str = "gz") -> Path:
    """Put all of `folder` into a tar archive."""
    with tarfile.open(file, f"w:{compression}") as archive:  # type: ignore[call-overload]
        archive.add(folder, arcname=".")
    return file


def compress(content: bytes) -> bytes:
    """Return what Unix's `compress` could have made of `content`: legal, if not small.

    Each byte is its own code of 9 bits, and the table is cleared before codes would grow to 10.
    Between two clearings stands a multiple of 8 codes, as the format wants it.
    """
    codes: list[int] = []
    for start in range(0, len(content), 247):
        codes += [256] * bool(codes) + list(content[start : start + 247])
    bits = sum(code << 9 * place for place, code in enumerate(codes))
    return b"\x1f\x9d\x90" + bits.to_bytes((9 * len(codes) + 7) // 8, "little")
