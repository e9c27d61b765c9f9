"""Fine-tuning's edge: answered drawings of a folder or of the store to weights under `var/`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from environment import ROOT, read_environment
from model.finetuning.answered import MOST, NO_DIGIT, AnsweredDrawing, TooLittleToLearn, read_ink
from model.finetuning.ways import FREEZES, STEPS, FineTuningOptions, Way
from model.tracking.tracker import Run
from model.training.options import BadOption
from model.weight_files.places import DEFAULT_WEIGHTS

if TYPE_CHECKING:
    from feedback.store import KeptDrawing  # whose packages only --from-store needs

CANDIDATES = ROOT / "var" / "candidates"


@dataclass(frozen=True, kw_only=True)
class FromAnswers:
    """What the command line says about fine-tuning; None stands for what the help says."""

    drawings: Path | None = None
    from_store: bool = False
    parent: Path | None = None
    freeze: str | None = None
    steps: int | None = None
    given: Mapping[str, Any] = field(default_factory=dict)  # every option, as the user gave it

    def check_answers(self, mode: str) -> None:
        """Raise BadOption for what would be passed over in silence, or could not be followed."""
        if mode == "finetune":
            if bool(self.drawings) == self.from_store:
                raise BadOption(
                    "--mode finetune learns from drawings: give either --drawings DIR or "
                    "--from-store"
                )
            self.fine_tuning()
            return
        for name in ("drawings", "from_store", "parent", "freeze", "steps"):
            if getattr(self, name) not in (None, False):
                raise BadOption(f"--{name.replace('_', '-')} goes with --mode finetune")

    def fine_tuning(self) -> FineTuningOptions:
        """Return what fine-tuning goes by: where nothing was given, what `Way` has."""
        names = ("freeze", "learning_rate", "batch_size")
        way = {name: self.given[name] for name in names if self.given.get(name) is not None}
        known = {name: self.given[name] for name in ("seed", "device") if name in self.given}
        passes = self.given.get("epochs")
        return FineTuningOptions(way=Way(**way), steps=self.steps, passes=passes, **known)


def add_options(parser: ArgumentParser) -> None:
    """Add the options of fine-tuning to the command line's."""
    parser.add_argument(
        "--drawings",
        type=Path,
        help="finetune: folder to learn from, with folders 0 to 9 of pictures in it and, for what "
        "is no digit, not-a-digit or none",
    )
    parser.add_argument(
        "--from-store",
        action="store_true",
        help="finetune: learn from the answered drawings of the feedback store",
    )
    parser.add_argument(
        "--parent", type=Path, help="finetune: weights to go on from (default: the shipped ones)"
    )
    parser.add_argument(
        "--freeze",
        choices=FREEZES,
        help="finetune: what stays as it is; with convolutions, the last layers alone learn "
        f"(default: {Way.freeze})",
    )
    parser.add_argument(
        "--steps",
        type=int,
        help=f"finetune: batches to learn from (default: {STEPS}, more where there are over a "
        "thousand drawings)",
    )


def learn(options: FromAnswers, data_dir: Path, out: Path | None, run: Run) -> None:
    """Fine-tune weights on pictures below a folder, or on the store's answers.

    out: where the new weights go, a file under `var/candidates` if not given; run: of the tracker.
    Raises TooLittleToLearn, WeightsError, DatasetError or BadOption, each for a person.
    """
    from model.finetuning.candidate import check_out, fine_tune
    from model.finetuning.picture_folders import read_picture_folders

    parent = options.parent or DEFAULT_WEIGHTS
    check_out(out, parent)
    if options.drawings:
        found = read_picture_folders(options.drawings)
        for remark in found.remarks:
            print(remark, file=sys.stderr)
        answered = found.drawings
    else:
        answered = drawings_of_store()
    fine_tune(
        parent, answered, data_dir, options.fine_tuning(), folder=CANDIDATES, out=out, run=run
    )


def drawings_of_store() -> list[AnsweredDrawing]:
    """Return the answered drawings of the configured store as plain data, oldest answer first.

    Raises TooLittleToLearn, with what the store says, where there is none or it is away.
    """
    from feedback.connection.settings import read_settings
    from feedback.store import SettingsError, StoreUnavailable, list_answered, open_engine

    try:
        settings = read_settings(read_environment())
        if settings.url is None:
            raise TooLittleToLearn(f"--from-store: {settings.place}")
        if settings.kind == "sqlite" and not Path(str(settings.url.database)).exists():
            raise TooLittleToLearn(f"--from-store: there is no {settings.place} yet")
        engine = open_engine(settings)
        try:
            return as_plain_data(list_answered(engine, limit=MOST))
        finally:
            engine.dispose()
    except (SettingsError, StoreUnavailable) as error:
        raise TooLittleToLearn(f"--from-store: {error}") from error


def as_plain_data(kept: Sequence[KeptDrawing]) -> list[AnsweredDrawing]:
    """Return answered drawings of the store as fine-tuning takes them; damaged ones are counted."""
    from feedback.store import NOT_A_DIGIT

    if len(kept) == MOST:
        print(f"learning from the newest {MOST:,} answers")
    drawings = []
    for drawing in kept:
        ink = read_ink(drawing.ink_png)
        if ink is None or drawing.answer is None:
            continue
        drawings.append(
            AnsweredDrawing(
                ink=ink,
                label=NO_DIGIT if drawing.answer is NOT_A_DIGIT else int(drawing.answer),
                strokes=drawing.strokes,
                visitor=str(drawing.session_id),
                answered_at=drawing.answered_at,
            )
        )
    if unreadable := len(kept) - len(drawings):
        print(f"passed over {unreadable:,} kept drawings whose ink is damaged", file=sys.stderr)
    return drawings
