"""Whether what a crowd teaches passes the gate: `python -m benchmarks.research.crowd`.

The shipped weights go on from 300 right answers of ten visitors and from ten wrong ones of each of
a hundred made-up visitors, as `--from-store` does it: what is believed is learnt, the gate judges.
The wrong ones agree with each other (every digit is called the next one), or each is wrong in its
own way. Drawings are of training sites; neither MNIST's test set nor a test site is looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.research.planted import NOW
from benchmarks.research.unseen_site import to_answers, training_digits
from environment import ROOT, data_dir, read_environment
from learn_from_store import to_lessons
from model.believing.believe import believe, describe
from model.believing.opinion import ask
from model.believing.statements import NO_DIGIT, Answered
from model.finetuning.candidate import fine_tune
from model.finetuning.ways import FineTuningOptions
from model.pen.drawings import PenDrawing
from model.promotion.gate import gate
from model.promotion.report_table import format_gate
from model.reading.recogniser import Recogniser
from model.weight_files.places import DEFAULT_WEIGHTS

REPORT = ROOT / "results" / "crowd.json"
AGREED, SCATTERED = "agreed", "scattered"
HONEST_VISITORS, ANSWERS_OF_HONEST = 10, 30
CROWD, ANSWERS_OF_ONE = 100, 10
SEED = 0


def make_up(digits: Sequence[PenDrawing], how: str) -> list[Answered]:
    """Return the right answers of some visitors, and the wrong ones of many."""
    chance = np.random.default_rng([SEED, 21])
    honest = HONEST_VISITORS * ANSWERS_OF_HONEST
    order = chance.permutation(len(digits))[: honest + CROWD * ANSWERS_OF_ONE]
    answers = []
    for place, drawing in enumerate(to_answers([digits[one] for one in order], SEED)):
        is_right = place < honest
        visitor = place // ANSWERS_OF_HONEST if is_right else (place - honest) // ANSWERS_OF_ONE
        shift = 1 if how == AGREED else int(chance.integers(1, NO_DIGIT))
        answers.append(
            Answered(
                drawing=f"{place}",
                visitor=f"{'honest' if is_right else 'made up'} {visitor}",
                label=drawing.label if is_right else (drawing.label + shift) % NO_DIGIT,
                said_at=NOW,
                ink=drawing.ink,
                strokes=drawing.strokes,
            )
        )
    return answers


def measure(how: str, options: FineTuningOptions) -> dict[str, Any]:
    """Return what was believed of a crowd, how long it took, and what the gate says."""
    folder = data_dir(read_environment())
    threads = os.cpu_count() or 1
    current = Recogniser.load(DEFAULT_WEIGHTS, threads=threads)
    answers = make_up(training_digits(folder), how)
    believed = believe(answers, partial(ask, current))
    print(f"\n{how}: {describe(believed)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="inkling-crowd-") as made_in:
        started_s = time.perf_counter()
        made = fine_tune(
            DEFAULT_WEIGHTS, to_lessons(believed), folder, options, folder=Path(made_in)
        )
        trained_s = time.perf_counter()
        candidate = Recogniser.load(made.weights, threads=threads)
        report = gate(current, candidate, believed, folder)
        judged_s = time.perf_counter()
    print(f"\n{format_gate(report)}", flush=True)
    wrong = {answered.drawing for answered in answers if answered.visitor.startswith("made up")}
    in_full = [b for b in believed.beliefs if b.reason is None and b.answered.drawing in wrong]
    return {
        "believed": believed.counts(),
        "wrong answers": len(wrong),
        "wrong answers believed in full": len(in_full),
        "training_s": round(trained_s - started_s),
        "gate_s": round(judged_s - trained_s),
        "verdict": report.verdict,
        "reasons": list(report.reasons),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Measure each kind of crowd, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="+", choices=(AGREED, SCATTERED),
                        default=(AGREED, SCATTERED), help="(default: both)")  # fmt: skip
    parser.add_argument("--steps", type=int, help="(default: as the answers ask for)")
    parser.add_argument("--out", type=Path, default=REPORT,
                        help="the report (default: results/crowd.json)")  # fmt: skip
    told = parser.parse_args(argv)
    options = FineTuningOptions()
    if told.steps is not None:
        if told.out == REPORT:
            parser.error("--steps needs another place for its report: --out FILE")
        options = replace(options, steps=told.steps)
    report = {how: measure(how, options) for how in told.kinds}
    told.out.parent.mkdir(parents=True, exist_ok=True)
    told.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
