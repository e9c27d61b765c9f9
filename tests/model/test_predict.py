from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from environment import ROOT
from model.datasets.alphabet import CHARACTERS
from model.predict import _as_json, _as_text
from model.reading.recogniser import Prediction
from model.weight_files.places import BASELINE_WEIGHTS, CHARACTER_WEIGHTS
from tests.model.ink.sketches import sketch


def predict(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "model.predict", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    sketch().save(folder / "seven.png")
    sketch(ink=(20, 20, 90), paper=(255, 255, 255)).save(folder / "seven.jpg", quality=60)
    sketch(scale=1.2).save(folder / "seven.webp")
    Image.new("RGB", (280, 280)).save(folder / "blank.png")
    (folder / "text.png").write_text("no picture")
    (folder / "empty.png").touch()
    whole = (folder / "seven.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    return folder


def test_json_is_one_object_a_line_and_nothing_else(pictures: Path) -> None:
    names = [pictures / name for name in ("seven.png", "seven.jpg", "seven.webp")]

    run = predict("--json", *names)

    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [answer["image"] for answer in answers] == list(map(str, names))
    for answer in answers:
        assert set(answer) == {
            *("image", "prediction", "confidence", "sure", "is_digit", "probabilities")
        }
        assert answer["prediction"] == "7"
        assert answer["confidence"] == max(answer["probabilities"].values())
        assert isinstance(answer["sure"], bool)
        assert answer["is_digit"] is True
        assert list(answer["probabilities"]) == list("0123456789")


def test_some_unreadable_pictures_mean_status_1_and_the_rest_is_answered(pictures: Path) -> None:
    bad = ["blank.png", "text.png", "empty.png", "cut.png", "missing.png", "."]

    run = predict("--json", *[pictures / name for name in bad], pictures / "seven.png")

    assert run.returncode == 1
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [set(answer) for answer in answers[:-1]] == [{"image", "error"}] * len(bad)
    assert answers[-1]["prediction"] == "7"
    assert "Traceback" not in run.stderr


def test_people_get_a_readable_line_a_picture(pictures: Path) -> None:
    run = predict(pictures / "seven.png", pictures / "blank.png")

    seven, blank = run.stdout.splitlines()
    assert seven.startswith(f"{pictures / 'seven.png'}: 7 (")
    assert "%" in seven
    assert blank.startswith(f"{pictures / 'blank.png'}: not read: I see no ink")


def test_a_refusal_is_said_in_both_forms() -> None:
    shares = dict(zip("0123456789", [0.05] * 7 + [0.55, 0.06, 0.04], strict=True))
    refusal = Prediction("7", 0.55, False, False, shares, np.zeros((28, 28), np.uint8))

    line, answer = _as_text("cat.png", refusal), json.loads(_as_json("cat.png", refusal))

    assert line == "cat.png: no digit (nearest 7, 55.0%; then 8 6.0%, 0 5.0%)"
    assert (answer["is_digit"], answer["sure"], answer["prediction"]) == (False, False, "7")


def test_characters_are_read_in_the_form_that_digits_are(pictures: Path) -> None:
    run = predict("--read", "characters", "--json", pictures / "seven.png")

    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert set(answer) == {
        *("image", "prediction", "confidence", "sure", "is_character", "probabilities")
    }
    assert answer["prediction"] == "7"
    assert answer["is_character"] is True
    assert "".join(answer["probabilities"]) == CHARACTERS


def test_reading_digits_is_what_is_done_unasked(pictures: Path) -> None:
    unasked, asked = (
        predict(*more, "--json", pictures / "seven.png").stdout
        for more in ([], ["--read", "digits"])
    )

    assert asked == unasked != ""


def test_a_refused_character_is_said_to_be_none() -> None:
    shares = {"c": 0.55, "C": 0.40, "G": 0.05}
    refusal = Prediction("c", 0.55, False, False, shares, np.zeros((28, 28), np.uint8))

    line = _as_text("cat.png", refusal, "character")

    assert line == "cat.png: no character (nearest c, 55.0%; then C 40.0%, G 5.0%)"
    assert json.loads(_as_json("cat.png", refusal, "character"))["is_character"] is False


@pytest.mark.parametrize(
    ("weights", "read"), [(BASELINE_WEIGHTS, "characters"), (CHARACTER_WEIGHTS, "digits")]
)
def test_weights_of_something_else_are_refused_in_a_sentence(
    pictures: Path, weights: Path, read: str
) -> None:
    run = predict("--read", read, "--model", weights, pictures / "seven.png")

    assert run.returncode == 2
    assert run.stderr == f"{weights} does not read {read}: give another --read\n"


def test_several_characters_are_told_in_json_and_in_words() -> None:
    shares = dict.fromkeys("0123456789", 0.05) | {"7": 0.55}
    three = Prediction("7", 0.55, False, False, shares, np.zeros((28, 28), np.uint8), several=3)

    answer = json.loads(_as_json("a.png", three))

    assert (answer["several"], answer["is_digit"], answer["sure"]) == (3, False, False)
    assert _as_text("a.png", three).startswith("a.png: I see 3 characters here")


@pytest.mark.parametrize(
    "arguments", [[], ["--json"], ["--colour", "x.png"]], ids=["nothing", "no picture", "unknown"]
)
def test_bad_usage_is_status_2_with_a_hint(arguments: list[str]) -> None:
    run = predict(*arguments)

    assert run.returncode == 2
    assert run.stderr.startswith("usage: python -m model.predict")
    assert run.stdout == ""


def test_unusable_weights_are_status_2_and_one_sentence(pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "foreign.safetensors").write_bytes(os.urandom(200))

    for weights, words in [("missing", "no weights at"), ("foreign", "no weights file")]:
        run = predict(
            "--model", tmp_path / f"{weights}.safetensors", "--json", pictures / "seven.png"
        )

        assert run.returncode == 2
        assert words in run.stderr
        assert len(run.stderr.splitlines()) == 1
        assert run.stdout == ""


def test_a_reader_that_has_enough_ends_it_without_a_word(pictures: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "model.predict", str(pictures / "seven.png")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        said = run.stderr.read()

    assert (run.returncode, said) == (1, b"")


def test_the_chart_is_written_where_the_command_runs(pictures: Path, tmp_path: Path) -> None:
    run = predict("--save-plot", "--json", pictures / "seven.png", cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    chart = tmp_path / "1-seven-prediction.png"
    assert np.asarray(Image.open(chart)).std() > 10
    assert str(chart.name) in run.stderr
    assert len(run.stdout.splitlines()) == 1


def test_names_that_are_no_text_are_reported_too(pictures: Path, tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/se\xffven.png"
    try:
        with open(odd, "wb") as file:
            file.write((pictures / "seven.png").read_bytes())
    except OSError:
        pytest.xfail("this file system takes only names that are text")

    run = subprocess.run(
        [sys.executable, "-m", "model.predict", odd], cwd=ROOT, capture_output=True, timeout=120
    )

    assert run.returncode == 0, run.stderr
    assert b": 7 (" in run.stdout


def test_a_pipe_does_not_hold_up_the_other_pictures(pictures: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")

    run = predict(tmp_path / "pipe.png", "/dev/zero", pictures / "seven.png")

    pipe, device, seven = run.stdout.splitlines()
    assert (run.returncode, run.stderr) == (1, "")
    assert "not read: this is a pipe or a device" in pipe
    assert "not read: this is a pipe or a device" in device
    assert ": 7 (" in seven


def test_a_name_cannot_speak_to_the_terminal(pictures: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a\x1b[2J\n8.png"
    odd.write_bytes((pictures / "seven.png").read_bytes())

    run = predict("--save-plot", odd, cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    assert r"a\x1b[2J\n8.png': 7 (" in run.stdout
    assert len(run.stdout.splitlines()) == 1
    assert "\x1b" not in run.stdout + run.stderr


def test_json_gives_a_name_as_it_is(pictures: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a\x1b[2J\n8.png"
    odd.write_bytes((pictures / "seven.png").read_bytes())

    run = predict("--json", odd)

    assert json.loads(run.stdout)["image"] == str(odd)
    assert "\x1b" not in run.stdout


@pytest.mark.parametrize(
    "arguments",
    [["--\x1b[31mred"], ["--model", "\x1b[31mred", "x.png"], ["--model", "x" * 999, "y"]],
)
def test_bad_usage_cannot_speak_to_the_terminal_either(arguments: list[str]) -> None:
    run = predict(*arguments)

    assert run.returncode == 2
    assert "\x1b" not in run.stderr
    assert "Traceback" not in run.stderr
