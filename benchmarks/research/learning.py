"""What fine-tuning on answers brings: `python -m benchmarks.research.learning`.

A network trained without one site meets it: half of its writers answer 30, 100, 300 or 1,000
drawings, and drawings of the other half are read before and after, as are other drawings of those
who answered, MNIST, and drawings of the validation sites; so are new writers of known sites.
Each way of fine-tuning starts from the same network. No test set is looked at here. What has been
measured of a site and a seed is kept in var/learning: interrupted, the same command goes on.
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
from dataclasses import astuple
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from benchmarks.research import learning_report, unseen_site
from benchmarks.research.unseen_site import (
    FOLDER,
    SITES,
    Base,
    Parts,
    Schedule,
    halve,
    render_strokes,
    to_answers,
    to_read,
    train_without,
    training_digits,
    unseen,
    validation_parts,
)
from environment import ROOT, data_dir, read_environment
from model.datasets.idx import DatasetError
from model.datasets.mnist import Digits, load_mnist, split
from model.figures.learning_curve import save_learning_curve
from model.finetuning import going_on, lessons, ways
from model.finetuning.answered import AnsweredDrawing
from model.finetuning.going_on import learn_digits
from model.finetuning.lessons import Lessons, dealt, read_quickly, teach
from model.finetuning.ways import CONVOLUTIONS, RANDOM, FineTuningOptions, Way
from model.networks.registry import SIX_CONVOLUTIONS
from model.reading.calibration import fit_temperature
from model.training.options import RECIPES

REPORT = ROOT / "results" / "learning.json"
SEEDS = (0, 1, 2)
ANSWERS = (30, 100, 300, 1000)
KNOWN_ANSWERS = 300  # of new writers of known sites
WAYS = {
    "all layers, hardest images replayed": Way(),
    "the same, led half back to the parent": Way(parent_share=0.5),
    "all layers, random images replayed": Way(replay=RANDOM),
    "last layers alone": Way(freeze=CONVOLUTIONS),
}
CPU = torch.device("cpu")


def measure(site: str, seed: int, schedule: Schedule, counts: Sequence[int]) -> dict[str, Any]:
    """Return a site's and a seed's figures: before, and after each way with each number of answers.

    A figure is [misread, images, loss in nats], by the name of what was read.
    """
    torch.set_num_threads(1)
    folder = data_dir(read_environment())
    base = train_without(site, seed, folder, schedule)
    digits = training_digits(folder)
    of_site, new = ([digits[n] for n in sorted(places)] for places in unseen(digits, site, seed))
    result: dict[str, Any] = {"site": site, "seed": seed, "before": {}, "after": {}}
    for name, drawings, some in (
        ("site", of_site, counts),
        ("known", new, [count for count in counts if count == KNOWN_ANSWERS]),
    ):
        if not some:
            continue
        parts = halve(drawings, max(some), seed)
        read = _parts_to_read(base, parts, name, seed)
        result["before"] |= figures(base.network, read, base.validation)
        answered = to_answers(parts.answering, seed)
        for count in some:
            if len(answered) < count * 0.9:  # too small a site for so many
                continue
            for way, made in fine_tuned(base, answered[:count], seed):
                after = result["after"].setdefault(way, {}).setdefault(str(count), {})
                of_way = figures(made, read, base.validation)
                after |= of_way if name == "site" else {"known": of_way["known"]}
    return result


def _parts_to_read(base: Base, parts: Parts, name: str, seed: int) -> dict[str, Digits]:
    if name == "known":
        return {"known": to_read(parts.others, seed)}
    own, others = to_read(parts.own, seed), to_read(parts.others, seed)
    return {"others": others, "own": own, **base.validation}


def fine_tuned(
    base: Base, answered: Sequence[AnsweredDrawing], seed: int
) -> list[tuple[str, nn.Module]]:
    """Return the networks that go on from the base with these answers, one for each way."""
    steps = FineTuningOptions().steps_for(len(answered))
    recipe = RECIPES[SIX_CONVOLUTIONS]
    usual = Way()
    answers = teach(answered, steps * usual.answers_per_step, usual, seed, recipe.pen_strength)
    made = []
    for name, way in WAYS.items():
        pool = base.scans if way.replay == RANDOM else base.pool
        replayed = dealt(pool, steps * way.replay_per_step, seed)
        batches = Lessons(answers, replayed, steps, recipe.variation, seed)
        made.append((name, learn_digits(base.network, batches, way, SIX_CONVOLUTIONS, CPU)))
    return made


def figures(
    network: nn.Module, read: dict[str, Digits], validation: dict[str, Digits]
) -> dict[str, list[float]]:
    """Return how many images of each part are misread, how many there are, and the mean loss.

    The loss is at the temperature that fits validation best, as weights have it.
    """
    seen = {**validation, **read}
    logits = {name: read_quickly(network, part, name) for name, part in seen.items()}
    temperature = fit_temperature(
        *((logits[name].numpy(), part.labels.numpy()) for name, part in validation.items())
    )
    return {
        name: [
            int((logits[name].argmax(dim=1) != part.labels).sum()),
            len(part),
            float(functional.cross_entropy(logits[name] / temperature, part.labels)),
        ]
        for name, part in read.items()
    }


def kept_path(site: str, seed: int, schedule: Schedule, counts: Sequence[int]) -> Path:
    """Return where a site's and a seed's figures are kept: another file after every change."""
    modules = (unseen_site, lessons, going_on, ways, sys.modules[__name__])
    source = "".join(inspect.getsource(module) for module in modules)
    told = repr((astuple(schedule), list(counts)))
    key = hashlib.sha256((source + told).encode()).hexdigest()[:8]
    return FOLDER / f"figures-{site}-{seed}-{key}.json"


def _measure_and_keep(site: str, seed: int, schedule: Schedule, counts: tuple[int, ...]) -> None:
    started = time.perf_counter()
    result = measure(site, seed, schedule, counts)
    result["seconds"] = round(time.perf_counter() - started)
    path = kept_path(site, seed, schedule, counts)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(result), encoding="utf-8")
    part.rename(path)


def prepare(seeds: Sequence[int], schedule: Schedule) -> None:
    """Render and draw, on all cores, what every training and every reading has in common."""
    folder = data_dir(read_environment())
    digits = training_digits(folder)
    if not digits:
        sys.exit("there are no pen strokes to learn from (README, Pen strokes)")
    scans, _ = split(load_mnist(folder, train=True), 0)
    validation_parts(scans, folder)
    for seed in seeds:
        render_strokes(digits, seed, schedule)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure what is missing, as many trainings at once as there are cores; write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sites", nargs="+", choices=tuple(SITES), default=tuple(SITES), metavar="SITE",
        help="that are left out, one after the other (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=SEEDS, metavar="SEED", help="(default: %(default)s)"
    )
    parser.add_argument(
        "--answers", type=int, nargs="+", default=ANSWERS, metavar="N",
        help="how many drawings are answered (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true",
        help="train for a moment, to see that it runs: the figures mean nothing",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=REPORT,
        help="the report; table and figure are written beside it (default: results/learning.json)",
    )  # fmt: skip
    told = parser.parse_args(argv)
    if told.quick and told.out == REPORT:
        parser.error("--quick needs another place for its report: --out FILE")
    schedule = (
        Schedule(epochs=1, scans=2_000, strokes=2_000, rounds=1) if told.quick else Schedule()
    )
    counts = tuple(sorted(set(told.answers)))
    paths = {
        (site, seed): kept_path(site, seed, schedule, counts)
        for site in told.sites
        for seed in told.seeds
    }
    missing = [job for job, path in paths.items() if not path.is_file()]
    if missing:
        try:
            prepare(sorted({seed for _, seed in missing}), schedule)
        except DatasetError as error:
            sys.exit(str(error))
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
            jobs = [workers.submit(_measure_and_keep, *job, schedule, counts) for job in missing]
            bar = tqdm(as_completed(jobs), "sites and seeds", len(jobs), disable=None)
            for job in bar:
                job.result()
    measured = [json.loads(path.read_text()) for path in paths.values()]
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, a training on each",
        "torch": torch.__version__,
        "sites": list(told.sites),
        "seeds": list(told.seeds),
        "answers": list(counts),
        "known_answers": KNOWN_ANSWERS,
        **learning_report.summarise(measured),
    }
    told.out.parent.mkdir(parents=True, exist_ok=True)
    told.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    table = learning_report.format_table(report)
    told.out.with_suffix(".txt").write_text(table + "\n", encoding="utf-8")
    save_learning_curve(told.out.with_suffix(".png"), report)
    print(table)


if __name__ == "__main__":
    main()
