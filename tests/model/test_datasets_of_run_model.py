"""`run_model.py --dataset`: which reader a training or a test is about."""

from __future__ import annotations

from pathlib import Path

import pytest

import run_model
from model.line_training.learn import LineRecipe
from model.training.options import RECIPES
from model.weight_files.places import CHARACTER_WEIGHTS

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("mode", ["crossval", "finetune"])
@pytest.mark.parametrize("dataset", ["characters", "writing"])
def test_what_knows_digits_alone_refuses_another_dataset_in_a_sentence(
    mode: str, dataset: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_model.main(["--mode", mode, "--dataset", dataset])

    assert ended.value.code == 2
    words = f"--mode {mode} knows digits alone, no --dataset {dataset}"
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("network", "dataset"), [("six-conv", "characters"), ("characters", "digits")]
)
def test_a_network_of_another_dataset_is_refused(
    network: str, dataset: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_model.main(["--dataset", dataset, "--network", network])

    assert ended.value.code == 2
    assert f"--network {network} does not read --dataset {dataset}" in capsys.readouterr().err


def test_characters_have_a_network_weights_plots_and_results_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEIGHTS", "elsewhere.safetensors")  # those that read digits

    options = run_model.parse_args(["--dataset", "characters"])

    assert options.network == "characters"
    assert options.epochs == RECIPES["characters"].epochs
    assert options.weights_to_test() == options.weights_to_write() == CHARACTER_WEIGHTS
    assert options.plots() == ROOT / "model" / "plots" / "characters"
    assert options.results() == ROOT / "results" / "characters"


def test_without_a_dataset_all_is_about_digits() -> None:
    options = run_model.parse_args([])

    assert (options.dataset, options.network) == ("digits", "six-conv")
    assert options.results() == ROOT / "results"


def test_writing_has_two_networks_in_a_folder_and_results_of_its_own() -> None:
    options = run_model.parse_args(["--dataset", "writing"])

    assert options.epochs == LineRecipe.epochs
    assert options.reader_folder() == ROOT / "model" / "weights"
    assert options.results() == ROOT / "results" / "writing"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--network", "characters"], "--network has no meaning for --dataset writing"),
        (["--patience", "3"], "--patience has no meaning for --dataset writing"),
        (["--plots-dir", "x"], "--plots-dir has no meaning for --dataset writing"),
        (["--quick", "--mode", "test"], "--quick goes with the training of --dataset writing"),
    ],
)
def test_what_means_nothing_for_writing_is_refused(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_model.main(["--dataset", "writing", *arguments])

    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_quick_is_of_writing_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_model.main(["--quick"])

    assert "--quick goes with the training of --dataset writing" in capsys.readouterr().err


@pytest.mark.parametrize("mode", ["train", "test"])
def test_without_writing_to_learn_from_or_to_test_on_there_is_a_sentence(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("model.line_training.train_reader.CACHE", tmp_path / "cache")

    status = run_model.main(
        ["--mode", mode, "--dataset", "writing", "--data-dir", str(tmp_path),
         "--results-dir", str(tmp_path / "results")]
    )  # fmt: skip

    *before, said = capsys.readouterr().err.splitlines()
    assert status == 1
    assert before == (["reading pen strokes"] if mode == "train" else [])
    assert str(tmp_path) in said
    assert "README, Words and lines" in said
    assert not (tmp_path / "results").exists()


def test_weights_of_writing_that_are_not_there_are_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run_model.main(
        ["--mode", "test", "--dataset", "writing", "--model", str(tmp_path / "none"),
         "--data-dir", str(tmp_path)]
    )  # fmt: skip

    assert status == 1
    assert "no weights at" in capsys.readouterr().err
