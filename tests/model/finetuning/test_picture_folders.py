from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from model.finetuning.answered import NO_DIGIT, TooLittleToLearn
from model.finetuning.picture_folders import read_picture_folders
from tests.model.finetuning.kept_drawings import some_drawings, write_folders


def test_the_folder_says_which_digit_a_picture_shows(tmp_path: Path) -> None:
    drawings = some_drawings(2, not_digits=3)

    found = read_picture_folders(write_folders(tmp_path, drawings))

    labels = [drawing.label for drawing in found.drawings]
    assert labels == [label for label in range(10) for _ in range(2)] + [NO_DIGIT] * 3
    assert found.remarks == []


@pytest.mark.parametrize("name", ["none", "not-a-digit"])
def test_two_names_stand_for_what_is_no_digit(tmp_path: Path, name: str) -> None:
    write_folders(tmp_path, some_drawings(1, not_digits=2), name)

    found = read_picture_folders(tmp_path)

    assert Counter(drawing.label for drawing in found.drawings)[NO_DIGIT] == 2


def test_pictures_in_folders_of_folders_are_found_and_hidden_files_are_not(tmp_path: Path) -> None:
    write_folders(tmp_path / "all", some_drawings(1))
    (tmp_path / "all" / "7").rename(tmp_path / "seven")
    (tmp_path / "all" / "7" / "anna").mkdir(parents=True)
    (tmp_path / "seven").rename(tmp_path / "all" / "7" / "anna" / "2026")
    (tmp_path / "all" / "3" / ".DS_Store").write_bytes(b"no picture")
    (tmp_path / "all" / "__MACOSX").mkdir()

    found = read_picture_folders(tmp_path / "all")

    assert len(found.drawings) == 10
    assert found.remarks == []


def test_what_cannot_be_read_is_counted_and_named_with_the_reason(tmp_path: Path) -> None:
    write_folders(tmp_path, some_drawings(1))
    for number in range(7):
        (tmp_path / "4" / f"broken-{number}.png").write_bytes(b"GIF89a....")
    (tmp_path / "4" / "empty.png").touch()

    found = read_picture_folders(tmp_path)

    assert len(found.drawings) == 10
    (remark,) = found.remarks
    assert remark.startswith("could not read 8 files: ")
    assert "broken-0.png: this is no picture that I can read" in remark
    assert remark.endswith("; and 3 more")


def test_a_name_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    write_folders(tmp_path, some_drawings(1))
    (tmp_path / "4" / "\x1b[2J.png").write_bytes(b"none")

    (remark,) = read_picture_folders(tmp_path).remarks

    assert "\x1b" not in remark


def test_other_folders_and_loose_pictures_are_passed_over_aloud(tmp_path: Path) -> None:
    write_folders(tmp_path, some_drawings(1))
    (tmp_path / "seven").mkdir()
    (tmp_path / "loose.png").touch()

    found = read_picture_folders(tmp_path)

    assert len(found.drawings) == 10
    assert found.remarks[0].startswith("passed over a folder called seven: expected folders called")
    assert found.remarks[1].startswith("passed over 1 file beside the folders")


def test_no_such_folder_a_file_and_wrong_names_each_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "wrong" / "zero").mkdir(parents=True)
    (tmp_path / "empty").mkdir()

    with pytest.raises(TooLittleToLearn, match="away is not there: --drawings takes folders"):
        read_picture_folders(tmp_path / "away")
    with pytest.raises(TooLittleToLearn, match="is a file, but should be a folder"):
        read_picture_folders(tmp_path / "file")
    with pytest.raises(TooLittleToLearn, match="only a folder called zero"):
        read_picture_folders(tmp_path / "wrong")
    with pytest.raises(TooLittleToLearn, match="has no folders called 0 to 9"):
        read_picture_folders(tmp_path / "empty")
