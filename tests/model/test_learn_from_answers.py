from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import run_model
from environment import ROOT
from model.networks.checkpoint import load_weights
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.model.finetuning.kept_drawings import some_drawings, write_folders

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_as_mnist(tmp_path_factory.mktemp("data"), scanned_digits())


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "run_model.py", "--mode", "finetune",
         *map(str, arguments)],
        cwd=ROOT, env={**ENVIRONMENT, **environment}, text=True, capture_output=True, check=False,
    )  # fmt: skip


def test_a_folder_of_pictures_makes_a_candidate_with_frozen_convolutions(
    tmp_path: Path, data_dir: Path
) -> None:
    write_folders(tmp_path / "mine", some_drawings(1))
    out = tmp_path / "new.onnx"

    result = run(
        "--drawings", tmp_path / "mine", "--freeze", "convolutions", "--epochs", "1",
        "--parent", BASELINE_WEIGHTS, "--batch-size", "12", "--data-dir", data_dir, "--out", out,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    assert "3 steps of the last layers alone" in result.stdout
    learnt, parent = load_weights(out)[0].state_dict(), load_weights(BASELINE_WEIGHTS)[0]
    assert all(
        learnt[name].equal(tensor) == name.startswith("blocks")
        for name, tensor in parent.state_dict().items()
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--mode", "finetune"], "give either --drawings DIR or --from-store"),
        (["--mode", "finetune", "--drawings", "d", "--from-store"], "give either --drawings DIR"),
        (["--mode", "train", "--drawings", "d"], "--drawings goes with --mode finetune"),
        (
            ["--mode", "finetune", "--drawings", "d", "--publish"],
            "--publish goes with --from-store",
        ),
        (["--mode", "train", "--publish"], "--publish goes with --mode finetune"),
        (["--mode", "test", "--steps", "3"], "--steps goes with --mode finetune"),
        (["--mode", "finetune", "--from-store", "--resume"], "--resume has no meaning for"),
        (
            ["--mode", "finetune", "--from-store", "--network", "two-block"],
            "--network has no meaning for --mode finetune",
        ),
        (["--mode", "finetune", "--from-store", "--steps", "0"], "--steps must be 1 or more"),
        (["--mode", "finetune", "--from-store", "--freeze", "all"], "invalid choice: 'all'"),
    ],
)
def test_bad_usage_ends_with_2_and_a_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_model.main(arguments)

    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_what_cannot_be_learnt_from_ends_with_1_and_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: object) -> str:
        assert run_model.main(["--mode", "finetune", *map(str, arguments)]) == 1
        return capsys.readouterr().err

    for key in [key for key in os.environ if key.startswith("DB_")]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("EMBEDDED_STORE", "off")
    assert "--from-store: not kept: no database is configured" in said("--from-store")
    monkeypatch.setenv("EMBEDDED_STORE", str(tmp_path / "none.sqlite3"))
    assert "--from-store: there is no embedded SQLite" in said("--from-store")
    assert not (tmp_path / "none.sqlite3").exists()
    assert "is not there" in said("--drawings", tmp_path / "away")
    mine = write_folders(tmp_path / "mine", some_drawings(1)[:4])
    assert "4 answered drawings: at least 10 are needed" in said("--drawings", mine)
    assert "no weights at" in said("--drawings", write_folders(mine, some_drawings(2)),
                                   "--parent", tmp_path / "w.safetensors")  # fmt: skip
    assert "would replace shipped" in said("--drawings", mine, "--out", DEFAULT_WEIGHTS,
                                           "--parent", BASELINE_WEIGHTS)  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, data_dir: Path) -> None:
    mine = write_folders(tmp_path / "mine", some_drawings(1))
    out = tmp_path / "out" / "new.safetensors"

    with subprocess.Popen(
        [sys.executable, "run_model.py", "--mode", "finetune", "--drawings", str(mine),
         "--parent", str(BASELINE_WEIGHTS), "--steps", "5000", "--batch-size", "12",
         "--data-dir", str(data_dir), "--out", str(out)],
        cwd=ROOT, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("fine-tuning two-block-")
        process.send_signal(signal.SIGINT)
        words = process.stderr.read()

    assert process.returncode == 130, words
    assert words.strip().endswith("interrupted")
    assert "Traceback" not in words
    assert not out.exists()
