"""Fine-tuning's edge: what the command line says about it, and a folder of pictures to weights."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from environment import ROOT
from model.finetuning.ways import FREEZES, STEPS, FineTuningOptions, Way
from model.tracking.tracker import Run
from model.training.options import BadOption
from model.weight_files.places import DEFAULT_WEIGHTS

CANDIDATES = ROOT / "var" / "candidates"  # where new weights go unless `--out` says otherwise


@dataclass(frozen=True, kw_only=True)
class FromAnswers:
    """What the command line says about fine-tuning; None stands for what the help says."""

    drawings: Path | None = None
    from_store: bool = False
    publish: bool = False
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
            if self.publish and not self.from_store:
                raise BadOption(
                    "--publish goes with --from-store: who gave the drawings of a folder, and "
                    "whether they may go, nobody could say later"
                )
            self.fine_tuning()
            return
        for name in ("drawings", "from_store", "publish", "parent", "freeze", "steps"):
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
        help="finetune: learn from what is believed of the answers in the feedback store, and ask "
        "the gate whether the new weights may read in place of those that are live",
    )
    parser.add_argument(
        "--publish",
        action="store_true",
        help="finetune: keep the new weights and the gate's report in the store, to be promoted "
        "there; with --from-store",
    )
    parser.add_argument(
        "--parent",
        type=Path,
        help="finetune: weights to go on from (default: the shipped ones; with --from-store, those "
        "that are live)",
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
    """Fine-tune weights on pictures below a folder, or on what is believed of the store's answers.

    out: where the new weights go, a file under `var/candidates` if not given; run: of the tracker.
    Raises TooLittleToLearn, WeightsError, DatasetError or BadOption, each for a person.
    """
    if options.from_store:
        from learn_from_store import learn_from_store

        how = options.fine_tuning()
        learn_from_store(how, options.parent, data_dir, out, run, is_published=options.publish)
        return
    from model.finetuning.candidate import check_out, fine_tune
    from model.finetuning.picture_folders import read_picture_folders

    assert options.drawings, "one of the two is given"
    parent = options.parent or DEFAULT_WEIGHTS
    check_out(out, parent)
    found = read_picture_folders(options.drawings)
    for remark in found.remarks:
        print(remark, file=sys.stderr)
    how = options.fine_tuning()
    fine_tune(parent, found.drawings, data_dir, how, folder=CANDIDATES, out=out, run=run)
