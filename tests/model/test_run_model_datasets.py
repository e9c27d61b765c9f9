from __future__ import annotations

import pytest

import run_model
from environment import ROOT
from model.training.options import RECIPES
from model.weight_files.places import CHARACTER_WEIGHTS


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


def test_a_reader_that_is_not_there_yet_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_model.main(["--mode", "test", "--dataset", "writing"])

    assert ended.value.code == 2
    assert "--dataset writing: there is no reader of whole lines yet" in capsys.readouterr().err


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
