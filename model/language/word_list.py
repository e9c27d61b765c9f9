"""English words by how common they are, from SCOWL; shipped beside this file.

Kevin Atkinson, "Spell Checker Oriented Word Lists", 2020: sizes 10 to 70 of its English and
American words, names and capitalised words, in small letters (`words-copyright.txt`). Made anew by
`python -m model.convert_words --scowl FOLDER`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("words.txt.gz")
SIZES = 10, 20, 35, 40, 50, 55, 60, 70  # of SCOWL's lists, the most common words first
KINDS = "words", "upper", "proper-names"
REGIONS = "english", "american"
LONGEST = 20
WORD = re.compile(rf"[a-z]{{2,{LONGEST}}}|[ai]")


@cache
def load_words() -> Mapping[str, int]:
    """Return every word, in small letters, with the size of the list that has it first."""
    words: dict[str, int] = {}
    size = SIZES[0]
    for line in gzip.decompress(FILE.read_bytes()).decode("ascii").splitlines():
        if line.isdigit():
            size = int(line)
        else:
            words[line] = size
    return words


def read_scowl(folder: Path) -> dict[str, int]:
    """Return the words of SCOWL's `final` folder, each with the smallest size that has it.

    Contractions, and what has other letters than a to z, are left out.
    Raises FileNotFoundError where the folder has none of its lists.
    """
    words: dict[str, int] = {}
    found = False
    for size in SIZES:
        for name in (f"{region}-{kind}.{size}" for region in REGIONS for kind in KINDS):
            path = folder / name
            if not path.is_file():
                continue
            found = True
            for line in path.read_text("latin-1").splitlines():
                word = line.strip().lower()
                if WORD.fullmatch(word):
                    words.setdefault(word, size)
    if not found:
        raise FileNotFoundError(f"{folder} has none of SCOWL's lists, such as english-words.10")
    return words


def write_words(words: Mapping[str, int], path: Path = FILE) -> None:
    """Write the words, one a line, each list after a line with its size; the same every time."""
    lines: list[str] = []
    for size in sorted(set(words.values())):
        lines += [str(size), *sorted(word for word in words if words[word] == size)]
    path.write_bytes(gzip.compress("\n".join(lines).encode("ascii"), 9, mtime=0))


def common(words: Mapping[str, int], size: int) -> Iterable[str]:
    """Return the words that lists up to a size have, sorted."""
    return sorted(word for word, first in words.items() if first <= size)
