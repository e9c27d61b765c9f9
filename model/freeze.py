"""Command line: `python -m model.freeze [FILE]` freezes what Statistics compares drawings with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import data_dir, read_environment
from model.datasets.idx import DatasetError
from model.errors import WeightsError
from model.reading.frozen import write_reference
from model.reading.recogniser import Recogniser
from model.weight_files.places import DEFAULT_WEIGHTS

DONE, FAILED = 0, 1  # exit statuses; 2, from argparse, is bad usage


def main(argv: Sequence[str] | None = None) -> int:
    """Freeze the reference of the weights that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.freeze",
        description="Read the pen digits of the validation sites with weights, and write how they "
        "were read beside them, as NAME.reference.json: Statistics compares drawings with it.",
        epilog="Exit status: 0 it was written, 1 it was not, 2 bad usage.",
    )
    parser.add_argument(
        "weights",
        nargs="?",
        type=Path,
        default=DEFAULT_WEIGHTS,
        metavar="FILE",
        help="either file of the weights (default: the shipped ones)",
    )
    weights: Path = parser.parse_args(argv).weights
    folder = data_dir(read_environment())
    try:
        from model.evaluation.reference import make_reference

        reference = make_reference(Recogniser.load(weights), folder)
        if reference is None:
            print(f"there are no pen strokes in {folder / 'pen'}: set DATA_DIR", file=sys.stderr)
            return FAILED
        path = write_reference(weights, reference)
    except (WeightsError, DatasetError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except ImportError as error:
        print(f"{error}: run `pip install -r requirements.txt`", file=sys.stderr)
        return FAILED
    print(f"{path}: how {reference.version} reads {reference.made_of}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
