from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from environment import ROOT
from model import predict
from model.errors import BadDrawing
from model.predict_writing import drawings_of, reading_as_json, reading_as_text
from model.writing.placed_characters import Character
from model.writing.reader import Reading
from tests.model.writing.plain_hand import picture, write

BAD_LINES = [
    "no JSON",
    "null",
    "3",
    '"text"',
    "{}",
    '{"drawing": null}',
    '{"drawing": 7}',
    "[" * 3000,
]


def character(label: str, confidence: float, other: str = "x") -> Character:
    shares = {label: confidence, other: 1 - confidence}
    return Character(label, confidence, shares, (1.0, 2.0, 3.5, 4.0))


READ = Reading("7a", 0.5, False, (character("7", 0.99), character("a", 0.6, "o")))


@pytest.fixture
def strokes(tmp_path: Path) -> Path:
    path = tmp_path / "some.ndjson"
    rows = [
        json.dumps({"word": "?", "drawing": write("HAT")}), "", json.dumps(write("1724")),
        json.dumps({"drawing": [[[5], [5]]]}), *BAD_LINES,
    ]  # fmt: skip
    path.write_text("\n".join(rows))
    return path


def run(*arguments: object) -> int:
    return predict.main(["--read", "writing", *map(str, arguments)])


def test_each_line_of_a_file_of_strokes_is_a_drawing_named_by_its_number(strokes: Path) -> None:
    found = list(drawings_of(strokes))

    assert [name for name, _ in found] == [f"{strokes}:{n}" for n in (1, 3, *range(4, 13))]
    assert [drawing for _, drawing in found[:2]] == [write("HAT"), write("1724")]


def test_a_line_that_is_no_drawing_is_said_to_be_none(strokes: Path) -> None:
    refused = [drawing for _, drawing in drawings_of(strokes)][3:]

    assert len(refused) == len(BAD_LINES)
    for refusal in refused:
        assert isinstance(refusal, BadDrawing)
        assert "this line is no drawing" in str(refusal)


def test_bytes_that_are_no_text_spoil_one_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "some.ndjson"
    path.write_bytes(b"\xff\xfe\n" + json.dumps(write("HAT")).encode())

    damaged, good = (drawing for _, drawing in drawings_of(path))

    assert isinstance(damaged, BadDrawing)
    assert good == write("HAT")


def test_pictures_and_strokes_are_read_and_what_cannot_be_is_said(
    strokes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.fromarray(picture(write("HAT"))).save(tmp_path / "hat.png")

    status = run("--strokes", strokes, tmp_path / "hat.png", tmp_path / "missing.png")

    said = capsys.readouterr().out.splitlines()
    assert status == 1
    assert said[0].startswith(f"{tmp_path / 'hat.png'}: HAT (")
    assert said[1].startswith(f"{tmp_path / 'missing.png'}: not read: ")
    assert said[2].startswith(f"{strokes}:1: HAT (")
    assert said[3].startswith(f"{strokes}:3: 1724 (")
    assert said[4].startswith(f"{strokes}:4: not read: I see no more than a dot")
    assert all(": not read: this line is no drawing" in line for line in said[5:])
    assert len(said) == 5 + len(BAD_LINES)


def test_json_is_one_object_a_drawing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.ndjson"
    path.write_text(json.dumps(write("1724")))

    status = run("--json", "--alphabet", "digits", "--strokes", path)

    answer = json.loads(capsys.readouterr().out)
    assert status == 0
    assert set(answer) == {"image", "text", "confidence", "sure", "is_writing", "characters"}
    assert (answer["image"], answer["text"]) == (f"{path}:1", "1724")
    for one in answer["characters"]:
        assert set(one) == {"prediction", "confidence", "box", "probabilities"}
        assert list(one["probabilities"]) == list("0123456789")
        assert len(one["box"]) == 4


def test_a_persons_line_names_what_is_doubtful() -> None:
    assert reading_as_text("a.png", READ) == "a.png: 7a (50.0%, not sure; a or o)"


def test_a_persons_line_keeps_doubts_about_a_sure_text_to_itself() -> None:
    sure = Reading("7a", 0.98, True, READ.characters)

    assert reading_as_text("a.png", sure) == "a.png: 7a (98.0%)"


def test_rows_stand_side_by_side_in_a_persons_line_and_as_they_are_in_json() -> None:
    rows = Reading("7\na", 0.98, True, READ.characters)

    assert reading_as_text("a.png", rows) == "a.png: 7 / a (98.0%)"
    assert json.loads(reading_as_json("a.png", rows))["text"] == "7\na"


def test_what_is_no_writing_is_said_in_both_forms() -> None:
    refusal = Reading("7a", 0.5, False, READ.characters, is_writing=False)

    assert reading_as_text("a.png", refusal) == "a.png: no writing (nearest '7a', 50.0%)"
    assert json.loads(reading_as_json("a.png", refusal))["is_writing"] is False


def test_a_refused_drawing_is_an_error_in_json() -> None:
    answer = json.loads(reading_as_json("a.png", BadDrawing("so it is")))

    assert answer == {"image": "a.png", "error": "so it is"}


def test_a_name_cannot_speak_to_the_terminal() -> None:
    assert "\x1b" not in reading_as_text("a\x1b[2J.png", READ)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--read", "writing"], "there is nothing to read"),
        (["--strokes", "x.ndjson"], "--strokes and --alphabet go with --read writing"),
        (["--alphabet", "digits", "x.png"], "--strokes and --alphabet go with --read writing"),
        (["--read", "writing", "--save-plot", "x.png"], "--save-plot draws charts of single"),
        (["--read", "writing", "--alphabet", "runes", "x.png"], "invalid choice: 'runes'"),
    ],
)
def test_bad_usage_is_status_2_and_a_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        predict.main(arguments)

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert words in said.err
    assert said.out == ""


def test_strokes_or_weights_that_are_not_there_are_status_2_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["--strokes", tmp_path / "missing"], ["--model", tmp_path, "x.png"]):
        assert run(*arguments) == 2

        said = capsys.readouterr()
        assert said.err.count("\n") == 1
        assert "[Errno" not in said.err
        assert str(tmp_path) in said.err
        assert said.out == ""


def test_a_reader_that_has_enough_ends_it_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    path.write_text("no drawing\n" * 20_000)  # more than a pipe holds

    with subprocess.Popen(
        [sys.executable, "-m", "model.predict", "--read", "writing", "--strokes", str(path)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (1, b"")
