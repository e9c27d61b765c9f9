from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from model.datasets.idx import DatasetError
from model.pen.drawings import PenDrawing
from model.pen.pendigits import find_pendigits, read_pendigits
from tests.model.pen.pen_recordings import PENDIGITS, compress


@pytest.mark.parametrize(
    ("name", "collection"),
    [("pendigits-orig.tra", "pendigits"), ("pendigits-orig.tes", "pendigits-tes")],
)
@pytest.mark.parametrize("ending", ["", ".Z"])
def test_a_digit_comes_with_its_writer_and_one_line_for_each_stroke(
    tmp_path: Path, name: str, collection: str, ending: str
) -> None:
    file = tmp_path / f"{name}{ending}"
    file.write_bytes(compress(PENDIGITS.encode()) if ending else PENDIGITS.encode())

    found = list(read_pendigits(file, Counter()))

    eight = [[[0, 150, 0], [0, 128, 255]]]
    four = [[[0, 128], [0, 255]], [[64, 64], [64, 255]]]
    assert found == [
        PenDrawing("8", f"{collection}/12", collection, eight),
        PenDrawing("4", f"{collection}/26", collection, four),
    ]


def test_digits_without_a_delineation_own_the_strokes_up_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "pendigits-orig.tra"
    file.write_text(PENDIGITS.replace("DIGIT 0 ?", "DIGIT ? ?").replace("DIGIT 1-2 ?", "DIGIT ? ?"))

    assert [len(drawing.strokes) for drawing in read_pendigits(file, Counter())] == [1, 2]


def test_damaged_digits_are_skipped_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "pendigits-orig.tra"
    file.write_text(
        '.SEGMENT DIGIT 1 ? "5\n.COMMENT 5 3 3\n.SEGMENT DIGIT 0 ? "6"\n.COMMENT 5 3 4\n'
        '.SEGMENT DIGIT 0 ? "6"\n.SEGMENT DIGIT 7 ? "6"\n.COMMENT 6 3 4\n'
        + PENDIGITS.replace(" 50  0\n", " 50  O\n")
    )
    skipped: Counter[str] = Counter()

    found = list(read_pendigits(file, skipped))

    assert [drawing.label for drawing in found] == ["8"]
    assert skipped == {
        "segments without a digit and its writer": 3,
        "components that are not there": 1,
        "points that are no numbers, or not whole": 1,
    }


def test_a_folder_stands_for_the_recordings_in_it_the_plain_form_first(tmp_path: Path) -> None:
    names = ("tra", "tra.Z", "tes.Z", "names", "test")
    for name in names:
        (tmp_path / f"pendigits-orig.{name}").touch()
    (tmp_path / "pendigits.tra").touch()

    assert find_pendigits([tmp_path]) == {
        "pendigits": tmp_path / "pendigits-orig.tra",
        "pendigits-tes": tmp_path / "pendigits-orig.tes.Z",
    }
    assert find_pendigits([]) == {}


@pytest.mark.parametrize("name", ["pendigits.tra", "pendigits.tes.Z", "notes.txt", "gone", "empty"])
def test_other_files_are_refused_with_the_names_of_those_wanted(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    if "." in name:
        (tmp_path / name).write_text("47,100,27,81,8\n")

    with pytest.raises(DatasetError, match=r"pendigits-orig\.tra or pendigits-orig\.tes"):
        find_pendigits([tmp_path / name])


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x9d", b"plain text", compress(b"x" * 99)[:-7] + b"\xff" * 7]
)
def test_a_damaged_z_file_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pendigits-orig.tra.Z"
    file.write_bytes(content)

    with pytest.raises(DatasetError, match=r"^could not read .*pendigits-orig\.tra\.Z: .*$"):
        list(read_pendigits(file, Counter()))
