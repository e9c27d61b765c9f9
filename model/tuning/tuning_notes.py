"""What a tracked run is told of a tuning: a run below it for each member, and one for each try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model.tracking.provenance import code_version, machine
from model.tracking.tracker import Run
from model.tuning.finished_candidates import Candidate
from model.tuning.grids import Request


def note_tuning(run: Run, request: Request, data: Mapping[str, str], data_dir: Path) -> None:
    """Tell with what a tuning begins: members and grids, data, code, machine."""
    if not run.is_tracked:
        return
    run.options(
        {"subset": request.subset, "small": request.small, "seed": request.seed}
        | {"data_dir": data_dir, "members": ", ".join(request.grids)}
    )
    for name, grid in request.grids.items():
        run.options({f"grid.{name}.{key}": list(values) for key, values in grid.param.items()})
        run.options({f"cv.{name}": grid.cv})
    run.data(data)
    run.tags({**machine(), **code_version()})


def note_members(
    run: Run,
    report: Mapping[str, Any],
    candidates: Mapping[str, Sequence[Candidate]],
    folder: Path,
    versions: Mapping[str, str],
    figures: Sequence[Path],
) -> None:
    """Tell what came of it: every try, every member with its graph, the vote, and the table."""
    for name, tried in candidates.items():
        with run.child(name, mode="member", model=name) as member:
            member.options(report["models"][name]["best_params"])
            member.metrics(_metrics(report["readers"][name]))
            member.metrics({"search/accuracy": report["models"][name]["accuracy"]})
            member.tags({"weights.version": versions[name]})
            paths = [folder / f"{versions[name]}{ending}" for ending in (".onnx", ".json")]
            member.files(paths, "weights")
            for place, candidate in enumerate(tried, start=1):
                with member.child(f"{name} {place}", mode="candidate", model=name) as child:
                    child.options(candidate.params)
                    child.metrics({"search/accuracy": candidate.accuracy, "fit_s": candidate.fit_s})
                    child.metrics(
                        {f"search/fold_{n}": it for n, it in enumerate(candidate.scores, start=1)}
                    )
    run.tags({"best": report["best"]})
    if report["vote"] is not None:
        run.metrics({f"weight/{name}": it for name, it in report["vote"]["weights"].items()})
        run.metrics(_metrics(report["readers"]["vote"]))
    run.files(figures, "figures")
    run.settle()


def _metrics(figures: Mapping[str, Any]) -> dict[str, float | None]:
    """Return a reader's figures under names such as `test/mnist/accuracy`."""
    flat: dict[str, float | None] = {}
    for part, values in figures.items():
        if isinstance(values, Mapping):
            place = part if part == "validation" else f"test/{part}"
            flat |= {f"{place}/{name}": value for name, value in values.items()}
        else:
            flat[part] = values
    return flat
