"""Command line: `python -m model.convert_pen` makes `pen/` and `lines/` of the public recordings.

A line of the result is `{"word": label, "source": site, "writer": id, "drawing": strokes}`, the
strokes in the form of Quick, Draw! (`model.pen.quick_draw`). By default every recorded point is
kept, as in the files that training and evaluation were measured with; `--epsilon 2` goes on to the
last two steps of the Quick, Draw! recipe, resampling and simplification. With `--lines` words and
lines are made instead, `lines/unipen.ndjson.gz`, with `"characters"` in each line besides: for each
character the numbers of its strokes, or null.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from environment import data_dir, read_environment
from model.datasets.idx import DatasetError
from model.pen.drawings import PenDrawing
from model.pen.written_lines import WrittenLine

LINES_EPSILON_PX = 1.0  # of a line 255 high
DONE, FAILED, INTERRUPTED = 0, 2, 130  # exit statuses; bad usage is 2 as well


def main(argv: Sequence[str] | None = None) -> int:
    """Convert what the command line names; return the exit status."""
    options = _parse(argv)
    data = options.out or data_dir(read_environment())
    folder = data / ("lines" if options.lines else "pen")
    try:
        from model.pen.pendigits import find_pendigits, read_pendigits
        from model.pen.unipen_release import open_release, read_release

        for name, file in find_pendigits(options.pendigits).items():
            skipped: Counter[str] = Counter()
            drawings = read_pendigits(file, skipped, options.epsilon)
            _convert(drawings, folder / f"{name}.ndjson.gz", skipped)
        if options.lines:
            _convert_lines(options, folder / "unipen.ndjson.gz")
        elif options.unipen:
            skipped = Counter()
            with open_release(options.unipen, options.sites) as root:
                drawings = read_release(root, options.sites, skipped, options.epsilon)
                _convert(drawings, folder / "unipen.ndjson.gz", skipped)
    except DatasetError as error:
        print(error, file=sys.stderr)
    except ImportError as error:
        print(f"{error}: run `pip install -r requirements.txt`", file=sys.stderr)
    except OSError as error:
        print(
            f"could not write {error.filename or folder}: {error.strerror or error}",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("interrupted: a file that was not finished is not there", file=sys.stderr)
        return INTERRUPTED
    else:
        return DONE
    return FAILED


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model.convert_pen",
        description="Make DATA_DIR/pen/*.ndjson.gz, the pen strokes that training and evaluation "
        "read, of the public recordings, or lines/unipen.ndjson.gz, written words and lines. "
        "What is damaged is skipped and counted.",
        epilog="Exit status: 0 done, 2 bad usage or unusable files, 130 interrupted. "
        "The same recordings make the same bytes.",
    )
    parser.add_argument(
        "--pendigits",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="pendigits-orig.tra, which becomes pen/pendigits.ndjson.gz, and pendigits-orig.tes, "
        "which becomes pen/pendigits-tes.ndjson.gz; as they are or as .Z, or their folder",
    )
    parser.add_argument(
        "--unipen",
        type=Path,
        metavar="PATH",
        help="folder or tar archive of train_r01_v07, which becomes pen/unipen.ndjson.gz; "
        "an archive is unpacked to a temporary folder meanwhile",
    )
    parser.add_argument(
        "--lines",
        action="store_true",
        help="make lines/unipen.ndjson.gz of the release that --unipen names instead: words, "
        "numbers and short lines",
    )
    parser.add_argument(
        "--sites",
        nargs="+",
        default=[],
        metavar="SITE",
        help="take these sites of UNIPEN alone, such as apa or syn (default: all)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DATA_DIR",
        help="folder of the datasets, in which pen/ or lines/ is written "
        "(default: DATA_DIR, or data/)",
    )
    parser.add_argument(
        "--epsilon",
        type=_epsilon,
        default=None,
        metavar="PX",
        help="resample the strokes and simplify them, moving no line farther than this; "
        "the Quick, Draw! recipe has 2 (default: 0, every recorded point is kept; with --lines 1)",
    )
    options = parser.parse_args(argv)
    if not options.pendigits and not options.unipen:
        parser.error("nothing to convert: name recordings with --pendigits, --unipen or both")
    if options.sites and not options.unipen:
        parser.error("--sites goes with --unipen")
    if options.lines and options.pendigits:
        parser.error("--lines goes with --unipen alone: Pendigits has no lines")
    if options.epsilon is None:
        options.epsilon = LINES_EPSILON_PX if options.lines else 0.0
    return options


def _epsilon(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text} is no number of pixels from 0 up")


def _convert(drawings: Iterable[PenDrawing], target: Path, skipped: Counter[str]) -> None:
    counts = write_drawings(drawings, target)
    digits = sum(count for label, count in counts.items() if label.isdigit())
    print(f"{target}: {digits:,} digits, {counts.total() - digits:,} letters")
    _tell(skipped)


def _convert_lines(options: argparse.Namespace, target: Path) -> None:
    from model.pen.unipen_lines import LINE_CATEGORIES, read_release_lines
    from model.pen.unipen_release import open_release

    skipped: Counter[str] = Counter()
    with open_release(options.unipen, options.sites, LINE_CATEGORIES) as root:
        lines = read_release_lines(root, options.sites, skipped, options.epsilon)
        counts = write_rows(map(line_row, lines), target)
    of_several = sum(count for text, count in counts.items() if " " in text)
    print(f"{target}: {counts.total():,} lines, {of_several:,} of them of several words")
    _tell(skipped)


def _tell(skipped: Counter[str]) -> None:
    if skipped.total():
        reasons = ", ".join(f"{why} ({count:,})" for why, count in sorted(skipped.items()))
        print(f"skipped {skipped.total():,}: {reasons}")


def write_drawings(drawings: Iterable[PenDrawing], target: Path) -> Counter[str]:
    """Write a `pen/*.ndjson.gz` file as `write_rows` does; return the drawings by label."""
    return write_rows(map(_drawing_row, drawings), target)


def _drawing_row(drawing: PenDrawing) -> dict[str, object]:
    return {
        "word": drawing.label,
        "source": drawing.source,
        "writer": drawing.writer,
        "drawing": drawing.strokes,
    }


def line_row(line: WrittenLine) -> dict[str, object]:
    """Return a written line as a line of `lines/*.ndjson.gz` has it."""
    return {
        "word": line.text,
        "source": line.source,
        "writer": line.writer,
        "drawing": line.strokes,
        "characters": line.characters,
    }


def write_rows(rows: Iterable[Mapping[str, object]], target: Path) -> Counter[str]:
    """Write a `*.ndjson.gz` file, whole or not at all; return how many rows have each `word`.

    The bytes depend on the rows alone: neither on the time nor on the file's name.
    Raises DatasetError when there is none, OSError when the file cannot be written.
    """
    counts: Counter[str] = Counter()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file,
        ):
            for row in rows:
                file.write(json.dumps(row, separators=(",", ":")).encode() + b"\n")
                counts[str(row["word"])] += 1
        if not counts:
            raise DatasetError(f"nothing to write to {target}: the recordings hold no drawing")
        os.chmod(temporary, 0o644)  # mkstemp's 0600 would hide it from others
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return counts


if __name__ == "__main__":
    sys.exit(main())
