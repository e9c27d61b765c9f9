"""Command line: `python -m model.convert_words --scowl FOLDER` makes the list of English words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model.language.word_list import FILE, read_scowl, write_words


def main(argv: Sequence[str] | None = None) -> None:
    """Write the word list that readers of writing are led by."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scowl", type=Path, required=True, metavar="FOLDER",
                        help="the `final` folder of SCOWL, with english-words.10 and the others; "
                        "Debian's package scowl has it in /usr/share/dict/scowl")  # fmt: skip
    parser.add_argument("--out", type=Path, default=FILE,
                        help="where to write it (default: the shipped list)")  # fmt: skip
    told = parser.parse_args(argv)
    try:
        words = read_scowl(told.scowl)
        write_words(words, told.out)
    except OSError as error:
        sys.exit(f"could not make the word list: {error.strerror or error}")
    print(f"{len(words):,} words in {told.out}")


if __name__ == "__main__":
    main()
