from __future__ import annotations

import gzip
import re
import subprocess
import sys
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest

from environment import ROOT
from model.convert_pen import main, write_drawings
from model.datasets.idx import DatasetError
from model.pen.drawings import PenDrawing, read_pen_drawings
from model.pen.written_lines import read_written_lines
from model.synthesis.canvas_rendering import render
from tests.model.pen.pen_recordings import PENDIGITS, compress, write_archive, write_release


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder with both collections, as they are downloaded."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    (folder / "pendigits-orig.tra.Z").write_bytes(compress(PENDIGITS.encode()))
    (folder / "pendigits-orig.tes.Z").write_bytes(compress(PENDIGITS.encode()))
    write_archive(folder / "train.tgz", write_release(tmp_path / "release"))
    return folder


def convert(recordings: Path, data: Path, *options: str) -> None:
    named = ["--pendigits", str(recordings), "--unipen", str(recordings / "train.tgz")]
    assert main([*named, "--out", str(data), *options]) == 0


def test_what_is_converted_is_what_training_and_evaluation_read(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    convert(recordings, tmp_path / "data")

    files = sorted((tmp_path / "data" / "pen").glob("*.ndjson.gz"))
    found = {file.name: list(read_pen_drawings(file)) for file in files}
    assert {name: "".join(d.label for d in drawings) for name, drawings in found.items()} == {
        "pendigits-tes.ndjson.gz": "84",
        "pendigits.ndjson.gz": "84",
        "unipen.ndjson.gz": "17It",
    }
    for drawing in chain(*found.values()):
        assert render(drawing.strokes, np.random.default_rng(0)).getbbox()
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/data/pen/pendigits.ndjson.gz: 2 digits, 0 letters",
        f"{tmp_path}/data/pen/pendigits-tes.ndjson.gz: 2 digits, 0 letters",
        f"{tmp_path}/data/pen/unipen.ndjson.gz: 2 digits, 2 letters",
    ]


def test_a_line_has_the_four_keys_in_the_smallest_spelling(
    recordings: Path, tmp_path: Path
) -> None:
    convert(recordings, tmp_path / "data")

    content = gzip.decompress((tmp_path / "data" / "pen" / "unipen.ndjson.gz").read_bytes())
    assert content.splitlines()[0] == (
        b'{"word":"1","source":"apa","writer":"apa/data/apa00/app0001.dat",'
        b'"drawing":[[[0,0],[0,255]]]}'
    )
    assert content.endswith(b"}\n")


def test_the_same_recordings_make_the_same_bytes_wherever_and_whenever(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert(recordings, tmp_path / "first")
    monkeypatch.setattr("time.time", lambda: 2e9)
    convert(recordings, tmp_path / "other" / "second")
    convert(recordings, tmp_path / "first")

    names = ("pendigits", "pendigits-tes", "unipen")
    for name in (f"pen/{name}.ndjson.gz" for name in names):
        first = (tmp_path / "first" / name).read_bytes()
        assert first == (tmp_path / "other" / "second" / name).read_bytes()
        assert first[4:8] == bytes(4)  # no time in the header


def test_epsilon_simplifies_and_sites_choose(recordings: Path, tmp_path: Path) -> None:
    convert(recordings, tmp_path / "data", "--epsilon", "200", "--sites", "apa")

    (eight, _) = read_pen_drawings(tmp_path / "data/pen/pendigits.ndjson.gz")
    unipen = read_pen_drawings(tmp_path / "data/pen/unipen.ndjson.gz")
    assert eight.strokes == [[[0, 0], [0, 255]]]
    assert {drawing.source for drawing in unipen} == {"apa"}


def test_skipped_segments_are_counted_by_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = {"data/1a/apa/bad.dat": '.SEGMENT CHARACTER 9 ? "3"\n.SEGMENT CHARACTER 0 ? "ab"\n'}
    folder = write_release(tmp_path / "release", damaged)

    assert main(["--unipen", str(folder), "--out", str(tmp_path)]) == 0

    assert capsys.readouterr().out.splitlines()[1] == (
        "skipped 2: components that are not there (1), labels that are not of 1a (1)"
    )


def test_without_out_files_land_in_data_dir(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "named"))

    assert main(["--pendigits", str(recordings / "pendigits-orig.tra.Z")]) == 0

    assert [file.name for file in (tmp_path / "named").rglob("*.*")] == ["pendigits.ndjson.gz"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--pendigits", "gone"],
        ["--pendigits", "README.md"],
        ["--unipen", "gone"],
        ["--unipen", "README.md"],
        ["--unipen", "model"],
    ],
)
def test_unusable_recordings_end_with_one_sentence_and_status_2(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [name if name[0] == "-" else str(ROOT / name) for name in arguments]

    assert main([*arguments, "--out", str(tmp_path)]) == 2

    said = capsys.readouterr().err
    assert arguments[1] in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_command_runs_as_a_module(recordings: Path, tmp_path: Path) -> None:
    options = ["--unipen", str(recordings / "train.tgz"), "--out", str(tmp_path / "data")]
    program = [sys.executable, "-m", "model.convert_pen", *options]

    ended = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "data" / "pen" / "unipen.ndjson.gz").is_file()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "nothing to convert"),
        (["--pendigits", "x", "--sites", "apa"], "--sites goes with --unipen"),
        (["--pendigits", "x", "--epsilon", "-1"], "-1 is no number of pixels"),
        (["--pendigits", "x", "--epsilon", "nan"], "nan is no number of pixels"),
    ],
)
def test_bad_usage_is_said_with_status_2(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


def test_recordings_without_a_drawing_leave_the_file_that_is_there(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    convert(recordings, tmp_path / "data")
    before = (tmp_path / "data/pen/pendigits.ndjson.gz").read_bytes()
    (tmp_path / "pendigits-orig.tra").write_text("")

    assert main(["--pendigits", str(tmp_path), "--out", str(tmp_path / "data")]) == 2

    assert "no drawing" in capsys.readouterr().err
    assert (tmp_path / "data/pen/pendigits.ndjson.gz").read_bytes() == before
    assert len(list((tmp_path / "data/pen").iterdir())) == 3


@pytest.mark.parametrize("failure", [DatasetError("damaged"), KeyboardInterrupt()])
def test_a_conversion_that_ends_early_leaves_no_part_of_a_file(
    tmp_path: Path, failure: BaseException
) -> None:
    def one_and_no_more():  # type: ignore[no-untyped-def]
        yield PenDrawing("1", "w", "s", [[[0], [0]]])
        raise failure

    with pytest.raises(type(failure)):
        write_drawings(one_and_no_more(), tmp_path / "pen" / "a.ndjson.gz")

    assert list((tmp_path / "pen").iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    assert main(["--pendigits", str(recordings), "--out", str(tmp_path / "file")]) == 2

    assert f"could not write {tmp_path}/file" in capsys.readouterr().err


@pytest.fixture
def pen_files(datasets: Path) -> list[Path]:
    """The data folder's own files; without them there is nothing to be like."""
    files = sorted((datasets / "pen").glob("*.ndjson.gz"))
    if not files:
        pytest.skip(f"no pen strokes under {datasets}: see Pen strokes in the README")
    return files


@pytest.mark.data
def test_lines_are_spelled_as_in_the_data_folder(pen_files: list[Path], tmp_path: Path) -> None:
    for file in pen_files:
        write_drawings(islice(read_pen_drawings(file), 200), tmp_path / file.name)

        with gzip.open(file) as theirs, gzip.open(tmp_path / file.name) as ours:
            assert ours.read() == b"".join(islice(theirs, 200))


@pytest.mark.data
def test_the_readme_takes_the_sites_of_the_data_folder(pen_files: list[Path]) -> None:
    (named,) = re.findall(r"convert_pen .*--sites (.*)", (ROOT / "README.md").read_text())

    (unipen,) = (file for file in pen_files if file.name == "unipen.ndjson.gz")
    assert set(named.split()) == {drawing.source for drawing in read_pen_drawings(unipen)}


def write_words(folder: Path) -> Path:
    """A release of one file of words, as large as a test needs."""
    files = {
        "include/apa/ink.dat": ".COORD X Y\n.WRITER_ID Somebody\n"
        + "".join(f".PEN_DOWN\n{x} 100\n{x} 50\n{x + 10} 0\n.PEN_UP\n" for x in (0, 20, 200, 220)),
        "data/8/apa/ink.dat": '.INCLUDE apa/ink.dat\n.SEGMENT TEXT 0-3 ? "il li"\n',
        "data/7/apa/ink.dat": '.INCLUDE apa/ink.dat\n.SEGMENT WORD 0 ? "i"\n',
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_lines_are_converted_to_what_the_readers_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = write_words(tmp_path / "release")

    assert main(["--lines", "--unipen", str(release), "--out", str(tmp_path / "data")]) == 0

    made = tmp_path / "data" / "lines" / "unipen.ndjson.gz"
    assert [line.text for line in read_written_lines(made)] == ["il", "li", "il li"]
    first = gzip.decompress(made.read_bytes()).splitlines()[0]
    assert first.startswith(b'{"word":"il","source":"apa","writer":"apa/')
    assert first.endswith(b'"characters":null}')
    assert capsys.readouterr().out.splitlines() == [
        f"{made}: 3 lines, 1 of them of several words",
        "skipped 1: single characters (1)",
    ]
    assert not (tmp_path / "data" / "pen").exists()


def test_lines_are_simplified_unless_every_point_is_asked_for(tmp_path: Path) -> None:
    release = write_words(tmp_path / "release")
    points = {}
    for epsilon in ("0", "1", "90"):
        out = tmp_path / epsilon
        options = ["--lines", "--unipen", str(release), "--out", str(out)]
        assert main([*options, "--epsilon", epsilon]) == 0
        line = next(read_written_lines(out / "lines" / "unipen.ndjson.gz"))
        points[epsilon] = len(line.strokes[0][0])
    assert main(["--lines", "--unipen", str(release), "--out", str(tmp_path / "default")]) == 0

    assert points == {"0": 3, "1": 3, "90": 2}
    default = (tmp_path / "default" / "lines" / "unipen.ndjson.gz").read_bytes()
    assert default == (tmp_path / "1" / "lines" / "unipen.ndjson.gz").read_bytes()


def test_lines_are_made_of_the_release_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--lines", "--unipen", "x", "--pendigits", "y"])

    assert "Pendigits has no lines" in capsys.readouterr().err


def test_a_release_without_words_is_named_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "release" / "data" / "1a" / "apa").mkdir(parents=True)
    (tmp_path / "release" / "include").mkdir()

    assert main(["--lines", "--unipen", str(tmp_path / "release"), "--out", str(tmp_path)]) == 2
    assert "nothing to write" in capsys.readouterr().err
