"""Tuning's edge: what the command line says about it, a progress bar, and what is printed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from environment import ROOT, models_dir, read_environment
from model.ensemble.member_card import Value
from model.ensemble.member_names import MEMBERS
from model.ensemble.members import read_manifest
from model.errors import WeightsError
from model.tracking.tracker import Run
from model.training.options import BadOption
from model.tuning.grids import (
    DEFAULT_GRIDS,
    SEARCH_IMAGES,
    BadGrid,
    Grid,
    Request,
    check_member,
)

if TYPE_CHECKING:
    from model.tuning.tune import Progress

OF_TUNING = ("members", "subset", "grids", "grid", "cv")
NOT_OF_TUNING = ("network", "patience", "model", "plots_dir", "keep_folds", "folds", "dataset")
IN_GRIDS = ("epochs", "batch_size", "learning_rate")


@dataclass(frozen=True, kw_only=True)
class ForTuning:
    """What the command line says about tuning; None stands for what the help says."""

    members: Sequence[str] | None = None
    subset: int | None = None
    grids: Path | None = None
    grid: Sequence[str] | None = None
    cv: int | None = None

    def check_tuning(self, mode: str, given: Mapping[str, Any], defaults: type) -> None:
        """Raise BadOption for what would be passed over in silence, or could not be followed."""
        if mode != "tune":
            for name in OF_TUNING:
                if getattr(self, name) is not None:
                    raise BadOption(f"--{name} goes with --mode tune")
            return
        for name in NOT_OF_TUNING:
            if getattr(self, name) != getattr(defaults, name):
                raise BadOption(f"--{name.replace('_', '-')} has no meaning for --mode tune")
        for name in IN_GRIDS:
            if given.get(name) is not None:
                option = name.replace("_", "-")
                raise BadOption(f"--{option} is a matter of grids: --grid cnn.{name}=...")

    def tuning(self, seed: int, workers: int | None, *, is_small: bool) -> Request:
        """Return what is to be tuned. Raises BadOption, in a sentence, for bad grids."""
        try:
            grids = _read_file(self.grids) if self.grids else {}
            grids = _with_options(grids, self.grid or ())
            names = self.members or list(grids if self.grids else MEMBERS)
            for name in (*names, *grids):
                check_member(name)
            if unasked := [name for name in grids if name not in names]:
                raise BadGrid(f"{unasked[0]} has a grid, but is not among --members")
            asked = {}
            for name in names:
                grid = grids.get(name, Grid(DEFAULT_GRIDS[name]))
                asked[name] = Grid(grid.param, workers or grid.n_jobs, self.cv or grid.cv)
            subset = SEARCH_IMAGES if self.subset is None else self.subset
            return Request(asked, small=is_small, subset=subset, seed=seed)
        except BadGrid as error:
            raise BadOption(str(error)) from error


def _read_file(path: Path) -> dict[str, Grid]:
    """Return the grids of a JSON file, as a compatible service takes them, or of lists alone."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadGrid(f"--grids {path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise BadGrid(f"--grids {path} is not JSON: {error}") from error
    if isinstance(told, dict):
        told = told.get("grid_search_params", told)
    if not isinstance(told, dict) or not all(isinstance(it, dict) for it in told.values()):
        raise BadGrid(f"--grids {path} has to map models to grids, as README shows")
    grids = {}
    for name, it in told.items():
        check_member(name)
        if "param" in it:
            if unknown := sorted(it.keys() - {"param", "n_jobs", "cv"}):
                raise BadGrid(f"{name}: beside param there are n_jobs and cv, not {unknown[0]}")
            grids[name] = Grid(it["param"], it.get("n_jobs", -1), it.get("cv", 3))
        else:
            grids[name] = Grid(it)
    return grids


def _with_options(grids: dict[str, Grid], options: Sequence[str]) -> dict[str, Grid]:
    """Return grids with those of `--grid MODEL.PARAMETER=VALUE,...`.

    Where a model has no grid of a file, what is named here is all of its grid.
    """
    joined = dict(grids)
    for option in options:
        place, equals, values = option.partition("=")
        name, dot, key = place.partition(".")
        if not (equals and dot and key):
            raise BadGrid(f"--grid {option}: write MODEL.PARAMETER=VALUE,VALUE, as in svm.C=1,10")
        check_member(name)
        listed: list[Value] = [_value(it) for it in values.split(",")] if values else []
        before = joined.get(name, Grid({}))
        joined[name] = Grid({**before.param, key: listed}, before.n_jobs, before.cv)
    return joined


def _value(text: str) -> Value:
    """Return a value as JSON has it; what is none is a word, None being null."""
    if text == "None":
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, list | dict) else value


def add_tuning_options(parser: ArgumentParser) -> None:
    """Add the options of tuning to the command line's."""
    parser.add_argument(
        "--members", nargs="+", metavar="MODEL",
        help=f"tune: which models, of {', '.join(MEMBERS)} (default: all, or those of --grids)",
    )  # fmt: skip
    parser.add_argument(
        "--subset", type=int,
        help=f"tune: scans that the search takes (default: {SEARCH_IMAGES}); winners learn all",
    )  # fmt: skip
    parser.add_argument(
        "--grids", type=Path,
        help='tune: JSON file of grids, {"svm": {"C": [1, 10]}} or with param, n_jobs and cv',
    )  # fmt: skip
    parser.add_argument(
        "--grid", action="append", metavar="MODEL.PARAMETER=VALUES",
        help="tune: values to try, parted by commas, as in svm.C=1,10 or rf.max_depth=null,20; "
        "may be given again",
    )  # fmt: skip
    parser.add_argument("--cv", type=int, help="tune: folds of the search (default: 3)")


def run_tuning(
    request: Request, data_dir: Path, out: Path | None, results_dir: Path | None, run: Run, *,
    resume: bool, scheduler: str | None, device: str,
) -> bool:  # fmt: skip
    """Tune with a progress bar, and print the table; tell whether it was interrupted.

    out: the members' folder, of MODELS_DIR if not given. results_dir: for the table and all
    figures; if not given, beside the members of `out`, or the project's own. Raises as `tune` does.
    """
    from model.tuning.tune import tune
    from model.tuning.tuning_table import format_tuning

    folder = out or models_dir(read_environment())
    _tell_of_older(folder)
    # A trial with a folder of its own leaves the project's figures as they are.
    results = results_dir or out or ROOT / "results"
    bars = _Bars()
    try:
        report = tune(
            request, data_dir, folder, results_dir=results, resume=resume,
            scheduler=scheduler, device=device, run=run, progress=bars.show,
        )  # fmt: skip
    except KeyboardInterrupt:
        bars.close()
        run.interrupted()
        print("interrupted: finished candidates are kept; the same command with --resume goes on")
        return True
    finally:
        bars.close()
    print(format_tuning(report))
    print(f"\nmembers are in {folder}, the table and all figures in {results}")
    return False


def _tell_of_older(folder: Path) -> None:
    try:
        older = read_manifest(folder)
    except WeightsError:
        return
    names = ", ".join(older.versions)
    print(f"the members in {folder} ({names}, tuned {older.tuned_at}) will be replaced at the end")


class _Bars:
    """A bar for each stage of each member."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._lines: Any = None
        self._of: tuple[str, str] | None = None
        self._done = 0

    def show(self, progress: Progress) -> None:
        from tqdm import tqdm

        from model.synthesis.progress import LogLines

        of = (progress.member, progress.stage)
        if of != self._of:
            self.close()
            self._of = of
            unit = " fits" if progress.stage == "searching" else " steps"
            self._bar = tqdm(
                total=progress.total, desc=f"{progress.stage} {progress.member}".strip(),
                unit=unit, disable=None,
            )  # fmt: skip
            self._done, self._lines = 0, None
            if self._bar.disable:
                stage = f"{progress.stage} {progress.member}".strip()
                print(stage, flush=True)
                self._lines = LogLines(stage, progress.total)
        new = max(0, progress.done - self._done)
        self._done += new
        self._bar.update(new)
        if self._lines is not None:
            self._lines.advance(new)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
