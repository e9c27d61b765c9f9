"""Command line: `python -m model.predict IMAGE...` says what pictures show, digits or text."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from model.errors import BadDrawing, BadWeights, WeightsError
from model.ink.file_names import printable, shown_name
from model.ink.images import FORMATS_IN_WORDS
from model.predict_writing import reading_as_json, reading_as_text, readings
from model.reading.recogniser import CHARACTERS, DIGITS, Prediction, Recogniser
from model.writing.reader import ALPHABETS, Reader

KINDS = {DIGITS: "digit", CHARACTERS: "character"}  # what `--read` may say, and one of them
CLASSES = {DIGITS: 10, CHARACTERS: 62}  # how many there are of each
WRITING = "writing"
ALL_READ, SOME_NOT_READ, BAD_USAGE = 0, 1, 2  # exit statuses


def main(argv: Sequence[str] | None = None) -> int:
    """Read the pictures named on the command line; return the exit status.

    0 when every picture was read, 1 when some were not, 2 for bad usage or unusable weights.
    """
    options = _parse(argv)
    # File names need not be text; one that cannot be printed as it is must not stop the rest.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if options.read == WRITING:
        return _read_writing(options)
    try:
        plot = _plotter() if options.save_plot else None
        recogniser = Recogniser.load(options.model or options.read)
        if len(recogniser.card.classes) != CLASSES[options.read]:
            raise BadWeights(f"{options.model} does not read {options.read}: give another --read")
    except (WeightsError, ImportError, OSError, ValueError) as error:  # a name no file can have
        print(printable(str(error)), file=sys.stderr)
        return BAD_USAGE
    status = ALL_READ
    answers = recogniser.predict_files(options.images)
    for number, (path, answer) in enumerate(zip(options.images, answers, strict=True), start=1):
        kind = KINDS[options.read]
        print(_as_json(path, answer, kind) if options.json else _as_text(path, answer, kind))
        if isinstance(answer, BadDrawing):
            status = SOME_NOT_READ
        elif plot:
            chart = _chart_name(number, path)
            try:
                plot(answer, chart)
            except OSError as error:
                print(f"could not write {chart}: {error.strerror or error}", file=sys.stderr)
                status = SOME_NOT_READ
            else:
                print(f"chart written to {chart}", file=sys.stderr)
    return status


def _read_writing(options: argparse.Namespace) -> int:
    """Read whole lines; return the exit status."""
    status = ALL_READ
    try:
        reader = Reader.load(options.alphabet, options.model)
        for name, answer in readings(reader, options.images, options.strokes):
            say = reading_as_json if options.json else reading_as_text
            print(say(name, answer))
            if isinstance(answer, BadDrawing):
                status = SOME_NOT_READ
    except BrokenPipeError:  # whoever reads has enough: `_run` ends the rest
        raise
    except WeightsError as error:
        print(printable(str(error)), file=sys.stderr)
        return BAD_USAGE
    except OSError as error:
        print(printable(f"{error.filename}: {error.strerror}"), file=sys.stderr)
        return BAD_USAGE
    return status


class _Parser(argparse.ArgumentParser):
    """Repeats what was typed without what a terminal would act on."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m model.predict",
        description="Say what digit, character or text each picture shows, and how sure that is.",
        epilog="Exit status: 0 every picture was read, 1 some were not, 2 bad usage.",
    )
    parser.add_argument(
        "images",
        nargs="*",
        metavar="IMAGE",
        help=f"{FORMATS_IN_WORDS}, up to 64 megapixels; ink darker or lighter than its paper",
    )
    parser.add_argument(
        "--read",
        choices=(*KINDS, WRITING),
        default=DIGITS,
        help="what the pictures show: a digit each, one of all 62 characters each, or words and "
        "numbers (default: digits)",
    )
    parser.add_argument(
        "--alphabet",
        choices=ALPHABETS,
        default=ALPHABETS[0],
        help="of what writing is: digits reads numbers alone (default: %(default)s)",
    )
    parser.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE",
        help="writing: read the drawings of an .ndjson file in Quick, Draw! form, by how the pen "
        "went, which is better than by a picture",
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object per line, nothing else on stdout"
    )
    parser.add_argument(
        "--save-plot",
        action="store_true",
        help="write a chart of each picture's probabilities, N-NAME-prediction.png, here",
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="PATH",
        help="weights to use, NAME.onnx or NAME.safetensors, of writing the folder of its three "
        "files (default: of digits, WEIGHTS of the environment, else the shipped ones)",
    )
    options = parser.parse_args(argv)
    if not options.images and options.strokes is None:
        parser.error("there is nothing to read: name an IMAGE, or --strokes FILE")
    if options.read != WRITING and (options.strokes or options.alphabet != ALPHABETS[0]):
        parser.error("--strokes and --alphabet go with --read writing")
    if options.read == WRITING and options.save_plot:
        parser.error("--save-plot draws charts of single digits or characters, not of writing")
    return options


def _plotter() -> Callable[[Prediction, Path], None]:
    try:
        from model.figures.prediction_chart import save_probability_chart as plotter
    except ImportError as error:
        raise ImportError(
            "--save-plot needs matplotlib: run `pip install -r requirements.txt`"
        ) from error
    return plotter


def _chart_name(number: int, path: str) -> Path:
    """Return where a picture's chart goes, in a name that prints and that a file can have."""
    stem = "".join(c if c.isprintable() else "_" for c in Path(path).stem)
    return Path(f"{number}-{stem[:60]}-prediction.png")


def prediction_as_object(
    path: str, answer: Prediction | BadDrawing, kind: str = KINDS[DIGITS]
) -> dict[str, Any]:
    """Return what `--json` says of a picture, before it is made a line of text.

    path: the picture's name; kind: what it should show, a value of KINDS.
    """
    if isinstance(answer, BadDrawing):
        return {"image": path, "error": str(answer)}
    several = {} if answer.several is None else {"several": answer.several}
    return {
        "image": path,
        "prediction": answer.label,
        "confidence": round(answer.confidence, 6),
        "sure": answer.sure,
        f"is_{kind}": answer.is_digit,
        "probabilities": {label: round(share, 6) for label, share in answer.probabilities.items()},
        **several,
    }


def _as_json(path: str, answer: Prediction | BadDrawing, kind: str = KINDS[DIGITS]) -> str:
    return json.dumps(prediction_as_object(path, answer, kind))


def _as_text(path: str, answer: Prediction | BadDrawing, kind: str = KINDS[DIGITS]) -> str:
    path = shown_name(path)
    if isinstance(answer, BadDrawing):
        return f"{path}: not read: {answer}"
    if answer.several is not None:
        return f"{path}: I see {answer.several} characters here; one digit a picture is what I read"
    ranked = sorted(answer.probabilities.items(), key=lambda item: -item[1])
    others = ", ".join(f"{label} {share:.1%}" for label, share in ranked[1:3])
    if not answer.is_digit:
        return f"{path}: no {kind} (nearest {answer.label}, {answer.confidence:.1%}; then {others})"
    doubt = "" if answer.sure else ", not sure"
    return f"{path}: {answer.label} ({answer.confidence:.1%}{doubt}; then {others})"


def _run() -> int:
    """Return the exit status; a reader that has enough, as `head` has, ends the rest quietly."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_NOT_READ
    return status


if __name__ == "__main__":
    sys.exit(_run())
