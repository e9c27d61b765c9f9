from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import run_model
from environment import ROOT
from model.networks.checkpoint import load_weights
from model.training.options import RECIPES
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist

QUICK = ["--network", "two-block", "--epochs", "2", "--batch-size", "64"]
# Batches this small gain nothing from a second core, and lose much where it is busy.
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_as_mnist(tmp_path_factory.mktemp("data"), scanned_digits())


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-W", "error", "run_model.py", *map(str, arguments)]


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env={**ENVIRONMENT, **environment},
        text=True,
        capture_output=True,
        check=False,
    )


def test_help_names_every_option_and_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_model.main(["--help"])

    words = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    for name in ("mode", "epochs", "batch-size", "learning-rate", "seed", "data-dir", "out"):
        assert f"--{name}" in words
    epochs = RECIPES["six-conv"].epochs
    assert f"at most (default: 20 for two-block, {epochs} for six-conv, " in words
    assert "(default: both)" in words


def test_the_network_decides_the_defaults() -> None:
    shipped, baseline = run_model.parse_args([]), run_model.parse_args(["--network", "two-block"])

    assert (shipped.mode, shipped.network) == ("both", "six-conv")
    assert shipped.epochs == RECIPES["six-conv"].epochs
    assert shipped.weights_to_write() == DEFAULT_WEIGHTS
    assert shipped.plots() == ROOT / "model/plots"
    assert (baseline.epochs, baseline.learning_rate) == (20, 3e-3)
    assert baseline.weights_to_write() == BASELINE_WEIGHTS
    assert baseline.plots() == ROOT / "model/plots/two-block"


def test_curves_of_other_weights_do_not_replace_the_shipped_ones(tmp_path: Path) -> None:
    options = run_model.parse_args(["--out", str(tmp_path / "mine.safetensors")])

    assert options.plots() == tmp_path


def test_the_weights_to_test_are_those_named_nearest_to_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEIGHTS", "/w/named.safetensors")

    def tested(*arguments: str) -> str:
        return run_model.parse_args(["--mode", "test", *arguments]).weights_to_test().name

    assert tested("--model", "a.safetensors", "--out", "b.safetensors") == "a.safetensors"
    assert tested("--out", "b.safetensors") == "b.safetensors"
    assert tested() == "named.safetensors"
    monkeypatch.setenv("WEIGHTS", "")
    assert tested() == "six-conv.safetensors"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--epochs", "0"], "--epochs must be 1 or more, not 0"),
        (["--epochs", "many"], "argument --epochs: invalid int value"),
        (["--mode", "predict"], "argument --mode: invalid choice"),
        (["--learning-rate", "-1"], "--learning-rate must be above 0"),
        (["--mode", "train", "--model", "x"], "--model goes with --mode test"),
        (["--mode", "test", "--resume"], "--resume goes with training"),
        (["--mode", "train", "--folds", "3"], "--folds goes with --mode crossval"),
        (["--mode", "crossval", "--folds", "21"], "--folds must be 2 to 20, not 21"),
        (["--mode", "crossval", "--scheduler", "x"], "--scheduler must be tcp://HOST:PORT"),
        (["--mode", "crossval", "--out", "w"], "--keep-folds DIR"),
    ],
)
def test_bad_usage_ends_with_2_and_a_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_model.main(arguments)

    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_training_and_testing_leave_weights_history_and_results(
    tmp_path: Path, data_dir: Path
) -> None:
    out = tmp_path / "mine" / "mine.safetensors"

    result = run(
        *QUICK, "--data-dir", data_dir, "--out", out, "--results-dir", tmp_path / "results"
    )

    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "history.json",
        "mine.onnx",
        "mine.safetensors",
        "training_history.png",
    ]
    _, card = load_weights(out)
    history = json.loads((out.parent / "history.json").read_text())
    report = json.loads((tmp_path / "results" / "classification_report.json").read_text())
    assert card.training_data == {"MNIST": 1198}
    assert (card.seed, card.epochs) == (0, history["best_epoch"])
    assert card.version == history["weights_version"] == report["weights"]["version"]
    assert (card.temperature, card.sure_threshold) == (
        history["temperature"],
        history["sure_threshold"],
    )
    assert len(history["epochs"]) == 2
    accuracy = re.search(r"^  accuracy +(\S+)%", result.stdout, re.MULTILINE)
    assert accuracy
    assert float(accuracy[1]) == pytest.approx(100 * report["test"]["accuracy"], abs=0.005)


def test_a_scheduler_that_is_away_is_one_sentence_before_anything_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "model.crossval.cross_validate", None)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"

    status = run_model.main(["--mode", "crossval", "--scheduler", address])

    said = capsys.readouterr()
    assert status == 1
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith(f"--scheduler {address}: no Dask scheduler answers there")
    assert list(tmp_path.iterdir()) == []


def test_a_training_whose_store_is_away_ends_well_and_says_so_once(
    tmp_path: Path, data_dir: Path
) -> None:
    result = run(
        "--mode", "train", *QUICK, "--data-dir", data_dir, "--out", tmp_path / "w.safetensors",
        MLFLOW_TRACKING_URI="http://127.0.0.1:9",
    )  # fmt: skip

    assert result.returncode == 0
    assert result.stderr.splitlines()[1:] == [  # after what it reads
        "not tracked, all else goes on: MLflow at http://127.0.0.1:9 does not answer"
    ]
    load_weights(tmp_path / "w.safetensors")


def test_neither_the_help_nor_a_prediction_loads_mlflow() -> None:
    code = "import sys, run_model, model.predict, model.training.run, model.crossval.cross_validate"

    loaded = subprocess.check_output(
        [sys.executable, "-c", f"{code}; print({{'mlflow', 'distributed'}} & {{*sys.modules}})"],
        cwd=ROOT, text=True,
    )  # fmt: skip

    assert loaded.strip() == "set()"


def test_ctrl_c_keeps_the_best_weights_and_resume_ends_as_without_a_break(
    tmp_path: Path, data_dir: Path
) -> None:
    def arguments(name: str) -> list[str]:
        return ["--mode", "train", "--network", "two-block", "--epochs", "12", "--batch-size", "32",
                "--data-dir", str(data_dir), "--out",
                str(tmp_path / name / "w.safetensors")]  # fmt: skip

    with subprocess.Popen(
        command(*arguments("broken")), cwd=ROOT, env=ENVIRONMENT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        for line in process.stdout:
            if line.startswith("epoch  2/12"):
                process.send_signal(signal.SIGINT)
                break
        rest, words = process.stdout.read(), process.stderr.read()
    assert process.returncode == 130, words
    assert "--resume goes on" in words
    assert "Traceback" not in words
    assert "kept epoch" in rest
    load_weights(tmp_path / "broken" / "w.safetensors")

    assert run_model.main([*arguments("broken"), "--resume"]) == 0
    assert run_model.main(arguments("whole")) == 0
    resumed, whole = (load_file(tmp_path / name / "w.safetensors") for name in ("broken", "whole"))
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)
    assert not list(tmp_path.rglob("*.training.safetensors"))


def test_a_data_folder_without_data_offline_gets_one_clear_sentence(tmp_path: Path) -> None:
    unreachable = "http://127.0.0.1:9"  # a proxy that is not there: as good as no network

    result = run(
        "--mode", "train", "--data-dir", tmp_path / "empty", "--out", tmp_path / "w.safetensors",
        http_proxy=unreachable, https_proxy=unreachable, no_proxy="",
    )  # fmt: skip

    assert result.returncode == 1
    assert result.stderr.startswith(f"reading MNIST\nthere is no MNIST in {tmp_path / 'empty'}")
    assert result.stderr.count("\n") == 2
    assert "train-images-idx3-ubyte" in result.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no weights at"), (b"PK\x03\x04", "is a pickle"), (b"GIF89a....", "no weights file")],
)
def test_missing_and_foreign_weights_get_a_sentence(
    tmp_path: Path,
    data_dir: Path,
    content: bytes | None,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "w.safetensors"
    if content:
        path.write_bytes(content)

    status = run_model.main(
        ["--mode", "test", "--model", str(path), "--data-dir", str(data_dir),
         "--results-dir", str(tmp_path)]
    )  # fmt: skip

    assert status == 1
    assert words in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_the_old_weights_and_says_so(tmp_path: Path, data_dir: Path) -> None:
    out = tmp_path / "w.safetensors"
    out.write_bytes(b"older weights")
    limited = (
        "import resource, sys, run_model; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); "
        "sys.exit(run_model.main(sys.argv[1:]))"
    )

    result = subprocess.run(
        [sys.executable, "-c", limited, "--mode", "train", *QUICK, "--data-dir", str(data_dir),
         "--out", str(out)],
        cwd=ROOT, env=ENVIRONMENT, text=True, capture_output=True, check=False,
    )  # fmt: skip

    assert result.returncode == 1
    assert f"could not write the weights to {out}" in result.stderr
    assert "Traceback" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["w.safetensors"]
    assert out.read_bytes() == b"older weights"


def test_a_place_for_weights_that_cannot_be_is_refused_before_training(
    tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    status = run_model.main(
        ["--mode", "train", "--data-dir", str(data_dir), "--out", str(tmp_path / "file" / "w")]
    )

    assert status == 1
    captured = capsys.readouterr()
    assert "choose another place with --out" in captured.err
    assert "epoch" not in captured.out
