"""A whole tuning: grids in; members in their folder, a report and a table out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from model.crossval.cluster import connected
from model.ensemble.manifest import Manifest
from model.ensemble.member_card import MemberCard
from model.ensemble.member_names import VOTE
from model.ensemble.members import Ensemble
from model.ensemble.voting import Vote
from model.estimators.component_svc import COMPONENTS
from model.estimators.member_kinds import DESKEWED, FIXED, to_pixels
from model.estimators.network_estimator import StoppedTraining
from model.pen.attribution import attribution
from model.tracking.provenance import digests, training_files
from model.tracking.tracker import Run, Tracker
from model.training.options import choose_device
from model.tuning.finished_candidates import Candidate, Unfinished, Winner
from model.tuning.grids import Request
from model.tuning.member_data import MemberData, gather_for_members
from model.tuning.member_scores import score_all
from model.tuning.members_folder import check_folder, write_members
from model.tuning.search import StoppedSearch, best_of, on_cluster, search
from model.tuning.tuning_notes import note_members, note_tuning
from model.tuning.tuning_table import write_report
from model.tuning.weighing import rank, weigh
from model.tuning.winners import train_winner

SEARCHING, TRAINING, WEIGHING = "searching", "training", "weighing"


class Stopped(Exception):
    """A tuning that whoever asked for it no longer wants; what is finished is kept for later."""


@dataclass(frozen=True)
class Progress:
    """How far a tuning is."""

    member: str  # "" where it is about all of them
    stage: str  # SEARCHING, TRAINING or WEIGHING
    done: int  # fits of the search; epochs of a network's training; else 0 or 1
    total: int


def tune(
    request: Request,
    data_dir: Path,
    models_dir: Path,
    *,
    results_dir: Path | None = None,
    resume: bool = False,
    scheduler: str | None = None,
    device: str = "cpu",
    run: Run | None = None,
    progress: Callable[[Progress], object] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Search, train, weigh and test; leave the members in `models_dir`, and return the report.

    results_dir: where `tuned_models.json` and `tuned_models.txt` go, if given. resume: go on with
    candidates and winners that an earlier start with the same data and seed finished. scheduler: a
    Dask cluster that does the search. device: where networks train. should_stop: asked between
    candidates and epochs; Stopped follows a yes, KeyboardInterrupt passes through, and after both
    the folder is as it was.
    Raises DatasetError, BadGrid for a larger search than there is data, FoldError, WeightsError,
    OSError.
    """
    started = time.perf_counter()
    run = run or Tracker().run("")
    device = choose_device(device).type
    with ExitStack() as stack:
        # First of all: a scheduler that is away should not be found out after the rendering.
        client = None if scheduler is None else stack.enter_context(connected(scheduler))
        check_folder(models_dir)
        data = gather_for_members(request, data_dir)
        data_digests = digests(training_files(data_dir), data_dir)
        kept = Unfinished(request, data_digests)
        kept.begin(resume=resume)
        note_tuning(run, request, data_digests, data_dir)
        try:
            candidates = _search_all(
                request, data, kept, client, device, progress=progress, should_stop=should_stop
            )
            winners = _train_all(
                request, data, kept, candidates, device, progress=progress, should_stop=should_stop
            )
        except (StoppedSearch, StoppedTraining) as error:
            run.interrupted()
            raise Stopped("the tuning was stopped; finished candidates are kept") from error
    progress(Progress("", WEIGHING, 0, 1))
    manifest, cards = _weigh_and_test(request, data, candidates, winners, started)
    graphs = {name: winner.graph for name, winner in winners.items()}
    write_members(models_dir, manifest, cards, graphs)
    report = dict(manifest.report)
    figures = []
    if results_dir is not None:
        figures = write_report(results_dir, report)
    note_members(run, report, candidates, models_dir, manifest.versions, figures)
    kept.clear()
    progress(Progress("", WEIGHING, 1, 1))
    return report


def _search_all(
    request: Request,
    data: MemberData,
    kept: Unfinished,
    client: Any,
    device: str,
    *,
    progress: Callable[[Progress], object],
    should_stop: Callable[[], bool],
) -> dict[str, list[Candidate]]:
    images, labels = data.search.images, data.search.labels
    # Members of the same preparation have the same pixels: they reach a cluster's workers once.
    kinds = {name in DESKEWED: name for name in request.grids}
    alike = {is_upright: to_pixels(name, images) for is_upright, name in kinds.items()}
    found = {}
    with ExitStack() as stack:
        workers = None
        if client is not None:
            workers = stack.enter_context(on_cluster(client, *alike.values(), labels))
        for name, grid in request.grids.items():
            total = grid.candidates * grid.cv

            def tell(fits: int, name: str = name, total: int = total) -> None:
                progress(Progress(name, SEARCHING, min(fits, total), total))

            found[name] = search(
                name, grid, alike[name in DESKEWED], labels, kept, seed=request.seed,
                device=device if client is None else "cpu", workers=workers,
                tell=tell, should_stop=should_stop,
            )  # fmt: skip
    return found


def _train_all(
    request: Request,
    data: MemberData,
    kept: Unfinished,
    candidates: Mapping[str, list[Candidate]],
    device: str,
    *,
    progress: Callable[[Progress], object],
    should_stop: Callable[[], bool],
) -> dict[str, Winner]:
    winners = {}
    for name, tried in candidates.items():
        params = best_of(tried).params
        epochs = params.get("epochs", FIXED[name].get("epochs", 1))
        assert isinstance(epochs, int), "a grid's epochs are whole numbers"
        winner = kept.winner(name, params)
        if winner is None:
            if should_stop():
                raise StoppedTraining
            progress(Progress(name, TRAINING, 0, epochs))

            def tell(done: int, name: str = name, total: int = epochs) -> None:
                progress(Progress(name, TRAINING, done, total))

            winner = train_winner(
                name, params, data, seed=request.seed, device=device,
                tell=tell, should_stop=should_stop,
            )  # fmt: skip
            kept.keep_winner(name, params, winner)
        progress(Progress(name, TRAINING, epochs, epochs))
        winners[name] = winner
    return winners


def _weigh_and_test(
    request: Request,
    data: MemberData,
    candidates: Mapping[str, list[Candidate]],
    winners: Mapping[str, Winner],
    started: float,
) -> tuple[Manifest, dict[str, MemberCard]]:
    graphs = {name: winner.graph for name, winner in winners.items()}
    versions = {name: f"{name}-{sha256(graph).hexdigest()[:12]}" for name, graph in graphs.items()}
    tuned_at = datetime.now(UTC).isoformat(timespec="seconds")
    first = next(iter(versions))
    readers = Ensemble(Manifest(tuned_at, versions, None, first, first, {}), {}, graphs)
    labels = {part: it.labels for part, it in data.validation.items()}
    opinions = {part: readers.read(it.images) for part, it in data.validation.items()}
    ranks = {
        name: rank({part: opinions[part][name] for part in opinions}, labels) for name in versions
    }
    best = best_member = max(ranks, key=lambda name: ranks[name])
    vote = weigh(opinions, labels) if len(versions) > 1 else None
    if vote is not None:
        ranks[VOTE] = rank({part: vote.of(opinions[part]) for part in opinions}, labels)
        if ranks[VOTE] >= ranks[best_member]:
            best = VOTE
    known = Manifest(tuned_at, versions, vote, best, best_member, {})
    scores = score_all(Ensemble(known, {}, graphs), data.test)
    cards = {
        name: _card(name, request, data, candidates[name], winners[name], scores["figures"][name])
        for name in versions
    }
    report = _report(request, data, known, cards, candidates, ranks, scores)
    report["seconds"] = time.perf_counter() - started
    return Manifest(tuned_at, versions, vote, best, best_member, report), cards


def _card(
    name: str,
    request: Request,
    data: MemberData,
    tried: list[Candidate],
    winner: Winner,
    figures: Mapping[str, Any],
) -> MemberCard:
    grid, best, scans = request.grids[name], best_of(tried), figures["mnist"]
    fixed = {key: value for key, value in FIXED[name].items() if key not in grid.param}
    return MemberCard(
        name=name,
        digest=sha256(winner.graph).hexdigest(),
        best_params=best.params,
        fixed=fixed
        | {"deskewed": name in DESKEWED}
        | ({"components": COMPONENTS} if name == "svm" else {}),
        grid={key: list(values) for key, values in grid.param.items()},
        cv=grid.cv,
        searched_on=len(data.search),
        training_data=data.sizes,
        attribution=attribution(data.sizes),
        seed=request.seed,
        temperature=winner.temperature,
        accuracy=best.accuracy,
        test_accuracy=scans["accuracy"],
        test_loss=scans["loss"],
        roc_auc_score=scans["roc_auc"],
        recall=scans["recall"],
        search_s=sum(candidate.fit_s * grid.cv for candidate in tried),
        training_s=winner.training_s,
        bytes=len(winner.graph),
    )


def _report(
    request: Request,
    data: MemberData,
    known: Manifest,
    cards: Mapping[str, MemberCard],
    candidates: Mapping[str, list[Candidate]],
    ranks: Mapping[str, tuple[float, float]],
    scores: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the report; `models` has the shape of a compatible service's answer."""
    fields = ("best_params", "accuracy", "test_accuracy", "test_loss", "roc_auc_score", "recall")
    models = {name: {it: getattr(card, it) for it in fields} for name, card in cards.items()}
    costs = {
        name: {
            "megabytes": card.bytes / 1e6, "search_s": card.search_s, "training_s": card.training_s
        }
        for name, card in cards.items()
    }  # fmt: skip
    costs[VOTE] = {it: sum(cost[it] for cost in costs.values()) for it in costs[known.best_member]}
    return {
        "tuned_at": known.tuned_at,
        "request": asdict(request),
        "training_data": data.sizes,
        "models": {
            "best_model": {"name": known.best_member, **models[known.best_member]},
            **models,
        },
        "best": known.best,
        "vote": known.vote and _describe_vote(known.vote),
        "readers": {
            name: {
                **figures, **costs[name],
                "validation": {"accuracy": ranks[name][0], "loss": -ranks[name][1]},
            }
            for name, figures in scores["figures"].items()
        },
        "right_where_wrong": scores["right_where_wrong"],
        "candidates": {
            name: [{**asdict(it), "accuracy": it.accuracy} for it in tried]
            for name, tried in candidates.items()
        },
        "megabytes": costs[VOTE]["megabytes"],
    }  # fmt: skip


def _describe_vote(vote: Vote) -> dict[str, Any]:
    return {"weights": dict(vote.weights), "temperature": vote.temperature}
