"""What wrong answers do, with and without believing: `python -m benchmarks.research.wrong_answers`.

As in `learning`, a network trained without one site meets it, and half of its writers answer. One
answer in ten is wrong, or one more visitor gives 200 wrong answers; each is learnt as it was said,
and as `model.believing` believes it. Counted are also the planted mistakes that it found, and the
honest corrections of real misreadings that it set aside with them. No test set is looked at here.
Networks that `learning` left in var/learning are taken from there: then it takes some minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from tqdm import tqdm

from benchmarks.research import learning, learning_report, planted, unseen_site
from benchmarks.research.planted import (
    BY_ONE,
    HONEST,
    IN_TEN,
    OF_LIAR,
    format_found,
    found,
    plant,
    sum_up,
)
from benchmarks.research.unseen_site import (
    FOLDER,
    SITES,
    Base,
    Schedule,
    halve,
    to_answers,
    to_read,
    train_without,
    training_digits,
    unseen,
)
from environment import ROOT, data_dir, read_environment
from model.believing import believe as believing
from model.believing import doubts, shares
from model.believing.believe import Believed, believe
from model.believing.opinion import Opinion, with_no_digit
from model.believing.statements import NO_DIGIT, Answered, stacked
from model.datasets.idx import DatasetError
from model.datasets.mnist import normalise, to_ink
from model.figures.learning_curve import save_learning_curve
from model.finetuning import going_on, lessons, ways
from model.finetuning.answered import AnsweredDrawing
from model.finetuning.going_on import learn_digits
from model.finetuning.lessons import CPU, PART, Lessons, dealt, teach
from model.finetuning.ways import FineTuningOptions, Way
from model.networks.registry import SIX_CONVOLUTIONS
from model.networks.six_convolutions import SixConvolutionNetwork
from model.reading.calibration import fit_temperature
from model.reading.softmax import calibrated
from model.training.options import RECIPES

REPORT = ROOT / "results" / "wrong_answers.json"
SEEDS = (0,)
ANSWERS = (100, 300, 1000)
TITLE = "What wrong answers do where no weights have been"


class Asked:
    """A network that says what it thinks of drawings, once it is calibrated on validation."""

    def __init__(self, base: Base) -> None:
        """Fit the temperature, as weights have it."""
        assert isinstance(base.network, SixConvolutionNetwork), "others have no features to see"
        self._network = base.network
        groups = [
            (self._see(part.images)[0][:, :NO_DIGIT], part.labels.numpy())
            for part in base.validation.values()
        ]
        self._temperature = fit_temperature(*groups)

    def __call__(self, answers: Sequence[Answered]) -> Opinion:
        """Return what it thinks; its branch, which has learnt nothing, is mute."""
        logits, features = self._see(torch.from_numpy(stacked(answers)))
        digits = calibrated(logits[:, :NO_DIGIT], self._temperature)
        return Opinion(with_no_digit(digits, np.zeros(len(digits))), features)

    def _see(self, images: torch.Tensor) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        with torch.inference_mode():
            seen = [
                self._network.see(normalise(to_ink(some))) for some in torch.split(images, PART)
            ]
        logits = torch.cat([one.logits for one in seen])
        features = torch.cat([one.features for one in seen])
        return logits.double().numpy(), features.double().numpy()


def go_on(base: Base, drawings: Sequence[AnsweredDrawing], seed: int) -> nn.Module:
    """Return the network that goes on from the base with these answers, the default way."""
    way, recipe = Way(), RECIPES[SIX_CONVOLUTIONS]
    steps = FineTuningOptions().steps_for(len(drawings))
    answers = teach(drawings, steps * way.answers_per_step, way, seed, recipe.pen_strength)
    replayed = dealt(base.pool, steps * way.replay_per_step, seed)
    batches = Lessons(answers, replayed, steps, recipe.variation, seed)
    return learn_digits(base.network, batches, way, SIX_CONVOLUTIONS, CPU)


def as_said(answers: Sequence[Answered]) -> list[AnsweredDrawing]:
    """Return answers to be learnt as they were said, each in full."""
    return [AnsweredDrawing(a.ink, a.label, a.strokes, a.visitor) for a in answers]


def as_believed(believed: Believed) -> list[AnsweredDrawing]:
    """Return answers to be learnt as far as they are believed."""
    return [
        AnsweredDrawing(
            b.answered.ink, b.label, b.answered.strokes, b.answered.visitor, weight=b.weight
        )
        for b in believed.training
    ]


def measure(site: str, seed: int, schedule: Schedule, counts: Sequence[int]) -> dict[str, Any]:
    """Return a site's and a seed's figures, as `learning.measure` does, and what was found."""
    torch.set_num_threads(1)
    folder = data_dir(read_environment())
    base = train_without(site, seed, folder, schedule)
    digits = training_digits(folder)
    of_site, _ = unseen(digits, site, seed)
    parts = halve([digits[n] for n in sorted(of_site)], max(counts) + OF_LIAR, seed)
    read = {"others": to_read(parts.others, seed), **base.validation}
    result: dict[str, Any] = {"site": site, "seed": seed, "after": {}, "found": {}}
    result["before"] = learning.figures(base.network, read, base.validation)
    answered = to_answers(parts.answering, seed)
    asked = Asked(base)
    for count in counts:
        if len(answered) < count * 0.9 + OF_LIAR:  # too small a site for so many
            continue
        for what in (HONEST, IN_TEN, BY_ONE):
            made_up = plant(answered[:-OF_LIAR][:count], answered[-OF_LIAR:], what, seed)
            believed = believe(made_up.answers, asked, has_live_test=False)
            result["found"].setdefault(what, {})[str(count)] = found(believed, made_up.wrong)
            for way, drawings in (
                ("as said", as_said(made_up.answers)), ("as believed", as_believed(believed)),
            ):  # fmt: skip
                after = result["after"].setdefault(f"{what}, {way}", {})
                path = learnt_path(site, seed, schedule, drawings)
                if not path.is_file():
                    made = go_on(base, drawings, seed)
                    figures = learning.figures(made, read, base.validation)
                    path.write_text(json.dumps(figures), encoding="utf-8")
                after[str(count)] = json.loads(path.read_text(encoding="utf-8"))
    return result


def learnt_path(
    site: str, seed: int, schedule: Schedule, drawings: Sequence[AnsweredDrawing]
) -> Path:
    """Return where the figures after a fine-tuning are kept: one file for the same answers.

    What is learnt as it was said is the same whatever is believed, and often so is the rest.
    """
    modules = unseen_site, learning, lessons, going_on, ways
    made_of = hashlib.sha256("".join(inspect.getsource(module) for module in modules).encode())
    for drawing in drawings:
        made_of.update(repr((drawing.label, drawing.weight, drawing.visitor)).encode())
        made_of.update(drawing.ink.tobytes())
    return FOLDER / f"learnt-{site}-{seed}-{schedule.name}-{made_of.hexdigest()[:12]}.json"


def kept_path(site: str, seed: int, schedule: Schedule, counts: Sequence[int]) -> Path:
    """Return where a site's and a seed's figures are kept: another file after every change."""
    own = planted, sys.modules[__name__]
    modules = unseen_site, lessons, going_on, ways, believing, doubts, shares, *own
    source = "".join(inspect.getsource(module) for module in modules)
    key = hashlib.sha256((source + repr((schedule, list(counts)))).encode()).hexdigest()[:8]
    return FOLDER / f"wrong-{site}-{seed}-{key}.json"


def measure_and_keep(site: str, seed: int, schedule: Schedule, counts: tuple[int, ...]) -> None:
    """Measure a site and a seed, and keep the figures for the next time."""
    started = time.perf_counter()
    result = measure(site, seed, schedule, counts)
    result["seconds"] = round(time.perf_counter() - started)
    kept_path(site, seed, schedule, counts).write_text(json.dumps(result), encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure what is missing, as many at once as there are cores; write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", nargs="+", choices=tuple(SITES), default=tuple(SITES),
                        metavar="SITE", help="(default: %(default)s)")  # fmt: skip
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, metavar="SEED",
                        help="(default: %(default)s)")  # fmt: skip
    parser.add_argument("--answers", type=int, nargs="+", default=ANSWERS, metavar="N",
                        help="how many drawings are answered (default: %(default)s)")  # fmt: skip
    parser.add_argument("--quick", action="store_true",
                        help="train for a moment: the figures mean nothing")  # fmt: skip
    parser.add_argument("--out", type=Path, default=REPORT,
                        help="the report (default: results/wrong_answers.json)")  # fmt: skip
    told = parser.parse_args(argv)
    if told.quick and told.out == REPORT:
        parser.error("--quick needs another place for its report: --out FILE")
    schedule = Schedule()
    if told.quick:
        schedule = Schedule(epochs=1, scans=2_000, strokes=2_000, rounds=1)
    counts = tuple(sorted(set(told.answers)))
    jobs = [(site, seed) for site in told.sites for seed in told.seeds]
    missing = [job for job in jobs if not kept_path(*job, schedule, counts).is_file()]
    if missing:
        try:
            learning.prepare(sorted({seed for _, seed in missing}), schedule)
        except DatasetError as error:
            sys.exit(str(error))
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
            running = [workers.submit(measure_and_keep, *job, schedule, counts) for job in missing]
            for job in tqdm(as_completed(running), "sites and seeds", len(running), disable=None):
                job.result()
    measured = [json.loads(kept_path(*job, schedule, counts).read_text()) for job in jobs]
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, a training on each",
        "torch": torch.__version__,
        "sites": list(told.sites),
        "seeds": list(told.seeds),
        "answers": list(counts),
        **learning_report.summarise(measured),
        "found": sum_up(measured),
    }
    told.out.parent.mkdir(parents=True, exist_ok=True)
    told.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    table = f"{learning_report.format_table(report)}\n\n{format_found(report['found'])}"
    told.out.with_suffix(".txt").write_text(table + "\n", encoding="utf-8")
    save_learning_curve(told.out.with_suffix(".png"), report, title=TITLE)
    print(table)


if __name__ == "__main__":
    main()
