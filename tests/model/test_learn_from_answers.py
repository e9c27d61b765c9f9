from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

import run_model
from environment import ROOT
from feedback.connection.engine import open_engine
from feedback.connection.settings import read_settings
from feedback.migrate import migrate
from feedback.store import NOT_A_DIGIT, list_answered, record_answer, record_drawing
from learn_from_answers import as_plain_data
from model.finetuning.answered import NO_DIGIT
from model.networks.checkpoint import load_weights
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from tests.feedback.sample_drawings import INK_PNG, a_drawing
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.model.finetuning.kept_drawings import SEVEN, some_drawings, write_folders

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


def answer_all(engine: Engine) -> None:
    """Keep two visitors' drawings with their answers, one of no digit, and one without any."""
    visitors = [uuid.UUID(int=1), uuid.UUID(int=2)]
    for number, drawing in enumerate(some_drawings(1, not_digits=1)):
        png = io.BytesIO()
        Image.fromarray(drawing.ink).save(png, "PNG")
        kept = a_drawing(
            session_id=visitors[number % 2],
            ink_png=png.getvalue(),
            source="canvas" if number == 7 else "upload",
            strokes=SEVEN if number == 7 else None,
        )
        answer = NOT_A_DIGIT if drawing.label == NO_DIGIT else drawing.label
        record_answer(engine, kept, answer)
    record_drawing(engine, a_drawing())


def test_the_stores_answers_arrive_as_plain_data(engine: Engine) -> None:
    answer_all(engine)

    drawings = as_plain_data(list_answered(engine, limit=100))

    assert sorted(drawing.label for drawing in drawings) == [*range(10), NO_DIGIT]
    assert len({drawing.visitor for drawing in drawings}) == 2
    assert [drawing.label for drawing in drawings if drawing.strokes] == [7]
    assert all(drawing.answered_at and drawing.answered_at.tzinfo for drawing in drawings)
    inks = {drawing.label: drawing.ink for drawing in some_drawings(1)}
    assert all((d.ink == inks[d.label]).all() for d in drawings if d.label != NO_DIGIT)


def test_kept_ink_that_is_damaged_is_passed_over_aloud(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    record_answer(engine, a_drawing(ink_png=INK_PNG[:40]), 3)

    assert as_plain_data(list_answered(engine, limit=100)) == []
    assert "passed over 1 kept drawings whose ink is damaged" in capsys.readouterr().err


def test_the_embedded_stores_answers_make_a_candidate(tmp_path: Path, data_dir: Path) -> None:
    store = {"EMBEDDED_STORE": str(tmp_path / "feedback.sqlite3")}
    engine = open_engine(read_settings(store))
    migrate(engine)
    answer_all(engine)
    engine.dispose()
    out = tmp_path / "new.safetensors"

    result = run(
        "--from-store", "--parent", BASELINE_WEIGHTS, "--steps", "2", "--batch-size", "12",
        "--data-dir", data_dir, "--out", out, **store,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    assert "10 drawings of digits and 1 of no digit by 2 visitors" in result.stdout
    told = load_weights(out)[1].fine_tuning
    assert told
    assert (told.digits, told.not_digits, told.visitors) == (10, 1, 2)


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
        (["--mode", "test", "--steps", "3"], "--steps goes with --mode finetune"),
        (["--mode", "finetune", "--from-store", "--resume"], "--resume has no meaning for"),
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
