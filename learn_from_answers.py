"""Fine-tuning's edge: answered drawings of a folder or of the store to weights under `var/`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from environment import ROOT, read_environment
from model.finetuning.answered import MOST, NO_DIGIT, AnsweredDrawing, TooLittleToLearn, read_ink
from model.finetuning.ways import FineTuningOptions
from model.weight_files.places import DEFAULT_WEIGHTS

if TYPE_CHECKING:
    from feedback.store import KeptDrawing  # whose packages only --from-store needs

CANDIDATES = ROOT / "var" / "candidates"


def learn(
    options: FineTuningOptions,
    data_dir: Path,
    *,
    drawings: Path | None = None,
    parent: Path | None = None,
    out: Path | None = None,
) -> None:
    """Fine-tune weights on pictures below a folder or, without one, on the store's answers.

    drawings: has folders 0 to 9; parent: weights to go on from, the shipped ones if not given;
    out: where the new ones go, a file under `var/candidates` if not given.
    Raises TooLittleToLearn, WeightsError, DatasetError or BadOption, each for a person.
    """
    from model.finetuning.candidate import check_out, fine_tune
    from model.finetuning.picture_folders import read_picture_folders

    parent = parent or DEFAULT_WEIGHTS
    check_out(out, parent)
    if drawings:
        found = read_picture_folders(drawings)
        for remark in found.remarks:
            print(remark, file=sys.stderr)
        answered = found.drawings
    else:
        answered = drawings_of_store()
    fine_tune(parent, answered, data_dir, options, folder=CANDIDATES, out=out)


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
