"""Grids of files and of the command line, and options that would be passed over in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from environment import ROOT
from model.tracking.tracker import Tracker
from model.tuning.grids import DEFAULT_GRIDS
from model.tuning.tuning_command import run_tuning
from training_options import parse_args


def asked(*argv: str) -> dict[str, Any]:
    options = parse_args(["--mode", "tune", *argv])
    return {name: dict(grid.param) for name, grid in options.request().grids.items()}


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as ended:
        parse_args(list(argv))
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_all_members_with_their_usual_grids_are_the_default() -> None:
    assert asked() == DEFAULT_GRIDS


def test_the_command_line_replaces_a_members_usual_grid() -> None:
    grids = asked("--members", "rf", "svm", "--grid", "rf.max_depth=null,20", "--grid", "svm.C=1")

    assert grids == {"rf": {"max_depth": [None, 20]}, "svm": {"C": [1]}}


@pytest.mark.parametrize(
    "told",
    [
        {"svm": {"C": [1, 2]}},
        {"svm": {"param": {"C": [1, 2]}, "n_jobs": 2, "cv": 4}},
        {"use_small_dataset": True, "grid_search_params": {"svm": {"param": {"C": [1, 2]}}}},
    ],
)
def test_a_file_says_which_members_and_grids(tmp_path: Path, told: Any) -> None:
    path = tmp_path / "grids.json"
    path.write_text(json.dumps(told))

    assert asked("--grids", str(path)) == {"svm": {"C": [1, 2]}}


def test_a_value_of_the_command_line_joins_the_grid_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "grids.json"
    path.write_text('{"svm": {"C": [1, 2]}}')

    assert asked("--grids", str(path), "--grid", "svm.gamma=scale") == {
        "svm": {"C": [1, 2], "gamma": ["scale"]}
    }


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--members", "knn"], "knn is no model"),
        (["--grid", "svm"], "write MODEL.PARAMETER=VALUE"),
        (["--grid", "svm.C="], "svm: C has an empty list"),
        (["--grid", "svm.C=big"], "svm: C takes numbers above 0"),
        (["--members", "rf", "--grid", "svm.C=1"], "svm has a grid, but is not among --members"),
        (["--grids", "away.json"], "--grids away.json cannot be read"),
        (["--cv", "1"], "cv must be 2 to 20 folds, not 1"),
        (["--subset", "10"], "the search takes 200 images or more, not 10"),
        (["--epochs", "3"], "--epochs is a matter of grids"),
        (["--network", "two-block"], "--network has no meaning for --mode tune"),
        (["--workers", "0"], "--workers must be 1 or more"),
        (["--scheduler", "nowhere"], "--scheduler must be tcp://HOST:PORT"),
    ],
)
def test_what_cannot_be_tuned_is_one_sentence(
    capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    assert words in refused(capsys, "--mode", "tune", *argv)


@pytest.mark.parametrize("content", ["{", "[]", '{"svm": [1]}', '{"svm": {}}'])
def test_a_file_without_grids_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    path = tmp_path / "grids.json"
    path.write_text(content)

    words = refused(capsys, "--mode", "tune", "--grids", str(path))

    assert "is not JSON" in words or "has to map models" in words or "svm has no grid" in words


def test_options_of_tuning_go_with_tuning(capsys: pytest.CaptureFixture[str]) -> None:
    words = refused(capsys, "--mode", "train", "--members", "rf")

    assert "--members goes with --mode tune" in words


@pytest.mark.parametrize(
    ("options", "place"),
    [([], ROOT / "results"), (["--out", "mine"], Path("mine")),
     (["--out", "mine", "--results-dir", "told"], Path("told"))],
)  # fmt: skip
def test_a_trial_with_a_folder_of_its_own_leaves_the_projects_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str], place: Path
) -> None:
    places: list[Path] = []

    def tune(*_: Any, results_dir: Path, **_more: Any) -> dict[str, Any]:
        places.append(results_dir)
        raise KeyboardInterrupt

    monkeypatch.setattr("model.tuning.tune.tune", tune)
    monkeypatch.chdir(tmp_path)
    chosen = parse_args(["--mode", "tune", *options])

    run_tuning(
        chosen.request(), tmp_path, chosen.out, chosen.results_dir, Tracker().run("tune"),
        resume=False, scheduler=None, device="cpu",
    )  # fmt: skip

    assert [one.resolve() for one in places] == [place.resolve()]
