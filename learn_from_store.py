"""Fine-tuning on the store's answers: what is believed of them to weights that the gate has judged.

May leave them in the store, with the gate's report, for the operator to promote.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from environment import project_path, read_environment
from learn_from_answers import CANDIDATES
from model.believing.believe import Believed, Reason, believe, describe
from model.believing.opinion import ask
from model.believing.statements import NO_DIGIT, Answered, read_ink
from model.errors import WeightsError
from model.finetuning.answered import FEWEST, MOST, AnsweredDrawing, TooLittleToLearn
from model.finetuning.ways import FineTuningOptions
from model.reading.frozen import reference_beside, write_reference
from model.reading.recogniser import Recogniser
from model.tracking.model_registry import tell
from model.tracking.tracker import Run
from model.weight_files.places import DEFAULT_WEIGHTS, pair_of, write_files

if TYPE_CHECKING:  # whose packages take seconds to load, or are needed for a store alone
    from sqlalchemy import Engine

    from feedback.candidates import ReviewedDrawing
    from model.finetuning.candidate import Candidate
    from model.promotion.gate_report import Report
    from model.promotion.yardsticks import Yardsticks

WAITS_S = (0, 10, 30)  # before each attempt to reach the store once the weights are made


def learn_from_store(
    how: FineTuningOptions,
    parent: Path | None,
    data_dir: Path,
    out: Path | None,
    run: Run,
    *,
    is_published: bool,
) -> None:
    """Fine-tune weights on what is believed of the store's answers, and ask the gate about them.

    parent: what to go on from, None for what is live; the gate compares with what is live. out:
    where the new weights go, a file under `var/candidates` if not given. is_published: whether they
    are kept in the store. Raises TooLittleToLearn, WeightsError, DatasetError or BadOption.
    """
    from feedback.candidates import list_answered
    from model.finetuning.candidate import check_out, fine_tune
    from model.promotion.gate import judge
    from model.promotion.report_table import format_gate
    from model.promotion.yardsticks import gather

    threads = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="inkling-live-") as folder:
        with _store() as engine:
            live = what_is_live(engine, Path(folder))
            parent = parent or live
            check_out(out, parent)
            answers = as_plain_data(list_answered(engine, limit=MOST))
        current = Recogniser.load(live, threads=threads)
        believed = believe(answers, partial(ask, current))
        print(describe(believed), flush=True)
        check_believed(believed)
        lessons = to_lessons(believed)
        made = fine_tune(parent, lessons, data_dir, how, folder=CANDIDATES, out=out, run=run)
    print("asking the gate", flush=True)
    yardsticks = gather(current.card, data_dir)
    candidate = Recogniser.load(made.weights, threads=threads)
    report = judge(current, candidate, believed, yardsticks)
    _freeze(made.weights, candidate, yardsticks)
    _report_beside(made.weights).write_text(
        json.dumps(report.to_json(), indent=1) + "\n", encoding="utf-8"
    )
    run.text("gate.txt", format_gate(report))
    print(f"\n{format_gate(report)}", flush=True)
    if is_published:
        publish(made, believed, report)
        if run.is_tracked and (words := tell("keep", made.card.version, read_environment())):
            print(words, file=sys.stderr)


@contextmanager
def _store() -> Iterator[Engine]:
    """Open the configured store for a while.

    Raises TooLittleToLearn, with what the store says, where there is none or it is away.
    """
    from feedback.connection.settings import read_settings
    from feedback.store import SettingsError, StoreUnavailable, open_engine

    try:
        settings = read_settings(read_environment())
        if settings.url is None:
            raise TooLittleToLearn(f"--from-store: {settings.place}")
        if settings.kind == "sqlite" and not Path(str(settings.url.database)).exists():
            raise TooLittleToLearn(f"--from-store: there is no {settings.place} yet")
        engine = open_engine(settings)
        try:
            yield engine
        finally:
            engine.dispose()
    except (SettingsError, StoreUnavailable) as error:
        raise TooLittleToLearn(f"--from-store: {error}") from error


def what_is_live(engine: Engine, folder: Path) -> Path:
    """Return the weights that read now: `WEIGHTS`, or the last promotion, or the shipped ones.

    folder: where what the store has is written. Raises WeightsError for damaged ones.
    """
    from feedback.candidates import WeightsDamaged, live_version, load_stored_weights

    if named := read_environment().get("WEIGHTS"):
        return project_path(named)
    version = live_version(engine)
    if version is None:
        return DEFAULT_WEIGHTS
    try:
        stored = load_stored_weights(engine, version)
    except WeightsDamaged as error:
        raise WeightsError(str(error)) from error
    files = pair_of(folder / f"{version}.safetensors")
    write_files({files.tensors: stored.tensors, files.graph: stored.graph})
    return files.tensors


def as_plain_data(kept: Sequence[ReviewedDrawing]) -> list[Answered]:
    """Return the store's answered drawings as believing takes them; damaged ones are counted."""
    from feedback.store import NOT_A_DIGIT

    if len(kept) == MOST:
        print(f"learning from the newest {MOST:,} answers")
    answers = []
    for drawing in kept:
        ink = read_ink(drawing.ink_png)
        if ink is None or drawing.answer is None or drawing.answered_at is None:
            continue
        answers.append(
            Answered(
                drawing=str(drawing.id),
                visitor=str(drawing.session_id),
                label=NO_DIGIT if drawing.answer is NOT_A_DIGIT else int(drawing.answer),
                said_at=drawing.answered_at,
                ink=ink,
                strokes=drawing.strokes,
                review=drawing.decision,
            )
        )
    if unreadable := len(kept) - len(answers):
        print(f"passed over {unreadable:,} kept drawings whose ink is damaged", file=sys.stderr)
    return answers


def check_believed(believed: Believed) -> None:
    """Raise TooLittleToLearn where little is left but what waits for the operator's eye."""
    in_full = sum(belief.reason is None for belief in believed.training)
    if in_full < FEWEST and believed.set_aside:
        raise TooLittleToLearn(
            f"{in_full:,} answers outside the live test are believed in full, at least {FEWEST} "
            f"are needed, and {len(believed.set_aside):,} are set aside: review those first"
        )


def to_lessons(believed: Believed) -> list[AnsweredDrawing]:
    """Return what is learnt from as fine-tuning takes it, the live test left out."""
    return [
        AnsweredDrawing(
            ink=belief.answered.ink,
            label=belief.label,
            strokes=belief.answered.strokes,
            visitor=belief.answered.visitor,
            answered_at=belief.answered.said_at,
            weight=belief.weight,
        )
        for belief in believed.training
    ]


def publish(made: Candidate, believed: Believed, report: Report) -> None:
    """Keep a candidate in the store, with what it learnt from and what the gate says of it.

    A store that is away is tried again for a while. Raises WeightsError, saying where the weights
    lie, when it does not take them; what is live stays live.
    """
    from feedback.candidates import (
        RowRefused,
        StoredWeights,
        keep_report,
        keep_weights,
        list_weights,
    )

    files = pair_of(made.weights)
    card, tale = made.card, made.card.fine_tuning
    stored = StoredWeights(
        version=card.version,
        tensors=files.tensors.read_bytes(),
        graph=files.graph.read_bytes(),
        card=asdict(card),
        parent=tale.parent if tale else None,
        metrics=card.metrics | _frozen_with(made.weights),
        made_at=datetime.now(UTC),
        made_from=made_from(believed),
        report=report.to_json(),
    )
    learnt_from = [UUID(belief.answered.drawing) for belief in believed.training]
    for attempt, wait_s in enumerate(WAITS_S):
        time.sleep(wait_s)
        try:
            with _store() as engine:
                if any(row.version == card.version for row in list_weights(engine)):
                    keep_report(engine, card.version, report.to_json())
                    print(f"{card.version} was in the store already: its report is new")
                else:
                    keep_weights(engine, stored, learnt_from)
                    print(f"{card.version} is in the store, ready to be promoted")
            return
        except RowRefused as error:
            raise WeightsError(f"{files.tensors} stays where it is: {error}") from error
        except TooLittleToLearn as error:
            if attempt == len(WAITS_S) - 1:
                raise WeightsError(
                    f"{error}. The candidate is not in the store; it is in {files.tensors}. The "
                    "same command makes the same weights again; what is live has not changed"
                ) from error
            print(f"{error}; trying again in {WAITS_S[attempt + 1]} s", file=sys.stderr)


def made_from(believed: Believed) -> str:
    """Return in words what a candidate learnt from."""
    learnt = believed.training
    visitors = len({belief.answered.visitor for belief in learnt})
    lighter = sum(belief.reason is Reason.SET_ASIDE for belief in learnt)
    until = max(belief.answered.said_at for belief in learnt).astimezone(UTC)
    return (
        f"{len(learnt):,} answers of {visitors:,} visitors until {until:%Y-%m-%d %H:%M} UTC, "
        f"{lighter:,} of them set aside"
    )


def _freeze(weights: Path, candidate: Recogniser, yardsticks: Yardsticks) -> None:
    """Freeze how a candidate reads pen drawings, which Statistics compares with later."""
    from model.evaluation.reference import reference_on

    if "pen" in yardsticks.digits:
        inks = yardsticks.digits["pen"].inks
        write_reference(weights, reference_on(candidate, inks, f"{len(inks):,} pen digits"))


def _frozen_with(weights: Path) -> dict[str, Any]:
    reference = reference_beside(weights)
    return {} if reference is None else {"reference": reference.to_json()}


def _report_beside(weights: Path) -> Path:
    return weights.with_name(f"{pair_of(weights).graph.stem}.gate.json")
