from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.pen.unipen import DamagedInk, Recording, read_recording

FIVE_COMPONENTS = """.VERSION 1.0
.COORD X Y
.HIERARCHY WORD CHARACTER
.PEN_DOWN
0 0
1 0
2 0
.PEN_UP
.DT 10
.PEN_DOWN
10 0
11 0
12 0
.PEN_UP
20 5
21 5
.PEN_DOWN
30 0
31 0
32 0
.PEN_UP
.PEN_DOWN
.PEN_UP
.PEN_DOWN
40 0
"""


def ink_x(recording: Recording, number: int = 0) -> list[list[int]]:
    return [stroke[:, 0].astype(int).tolist() for stroke in recording.ink(number)[0]]


@pytest.mark.parametrize(
    ("delineation", "expected"),
    [
        ("0", [[0, 1, 2]]),
        ("0-1", [[0, 1, 2], [10, 11, 12]]),
        ("1-3", [[10, 11, 12], [30, 31, 32]]),  # 2 is the pen's way in the air
        ("4", [[40]]),  # stretches without points, and .DT, do not count
        ("0,3", [[0, 1, 2], [30, 31, 32]]),
        ("3-4, 0", [[30, 31, 32], [40], [0, 1, 2]]),
        ("0:1-0:2", [[1, 2]]),
        ("0:2-3:0", [[2], [10, 11, 12], [30]]),
        ("0-1:0", [[0, 1, 2], [10]]),
        ("1:2-3", [[12], [30, 31, 32]]),
        ("3:1", [[31]]),
        ("0:1-0:99", [[1, 2]]),
    ],
)
def test_a_delineation_counts_the_stretches_that_hold_points_and_their_points_from_0(
    delineation: str, expected: list[list[int]]
) -> None:
    text = FIVE_COMPONENTS + f'.SEGMENT CHARACTER {delineation} OK "a"\n'

    assert ink_x(read_recording(text, "a.dat")) == expected


@pytest.mark.parametrize(
    ("delineation", "reason"),
    [
        ("5", "components that are not there"),
        ("3-99999999", "components that are not there"),
        ("3-1", "components that are not there"),
        ("0:3-0:4", "points that are not there"),
        ("0:2-0:1", "points that are not there"),
        ("2", "no ink"),
        ("1-2-3", "a delineation that is none"),
        ("9" * 5000, "a delineation that is none"),
        ("x", "a delineation that is none"),
        ("?", "no ink"),
    ],
)
def test_ink_that_is_not_there_is_damaged_ink(delineation: str, reason: str) -> None:
    text = FIVE_COMPONENTS + f'.SEGMENT CHARACTER {delineation} ? "a"\n'

    with pytest.raises(DamagedInk, match=reason):
        read_recording(text, "a.dat").ink(0)


@pytest.mark.parametrize("point", ["1 x", "1 2 3", "nan 1", "1e400 1", "2 inf", "1e300 0"])
def test_points_that_are_none_damage_the_ink_that_has_them_and_no_other(point: str) -> None:
    text = f""".COORD X Y
.SEGMENT CHARACTER 0 ? "a"
.SEGMENT CHARACTER 1 ? "b"
.PEN_DOWN
0 0
{point}
.PEN_DOWN
7 0
"""
    recording = read_recording(text, "a.dat")

    with pytest.raises(DamagedInk, match="points that"):
        recording.ink(0)
    assert ink_x(recording, 1) == [[7]]


def test_an_unknown_delineation_is_the_ink_up_to_the_next_segment_not_within_it() -> None:
    text = """.COORD X Y
.HIERARCHY WORD CHARACTER
.SEGMENT WORD ? ? "ab"
.SEGMENT CHARACTER ? ? "a"
.PEN_DOWN
1 0
.SEGMENT CHARACTER ? ? "b"
.PEN_DOWN
2 0
.SEGMENT
.PEN_DOWN
3 0
.SEGMENT WORD ? ? "c"
.PEN_DOWN
4 0
"""
    recording = read_recording(text, "a.dat")

    assert [segment.label for segment in recording.segments] == ["ab", "a", "b", "", "c"]
    assert ink_x(recording, 0) == [[1], [2], [3]]
    assert ink_x(recording, 1) == [[1]]
    assert ink_x(recording, 4) == [[4]]


@pytest.mark.parametrize(
    ("columns", "row", "expected"),
    [
        ("X Y", "1 2", [1, 2]),
        ("X Y T", "1 2 900", [1, 2]),
        ("X Y P T", "1 2 30 900", [1, 2]),
        ("T Y X", "900 2 1", [1, 2]),
    ],
)
def test_coord_says_which_numbers_of_a_point_are_x_and_y(
    columns: str, row: str, expected: list[int]
) -> None:
    text = f'.COORD {columns}\n.PEN_DOWN\n{row}\n{row}\n.SEGMENT CHARACTER 0 ? "a"\n'

    (stroke,), _ = read_recording(text, "a.dat").ink(0)

    assert stroke.tolist() == [expected, expected]


def test_without_coord_points_are_not_guessed_at() -> None:
    text = '.PEN_DOWN\n1 2\n.SEGMENT CHARACTER 0 ? "a"\n'

    with pytest.raises(DamagedInk, match=r"\.COORD"):
        read_recording(text, "a.dat").ink(0)
    assert read_recording(text, "a.dat", columns=("X", "Y")).ink(0)


def test_labels_may_hold_quotes_and_free_text_may_hold_keywords() -> None:
    text = """.COMMENT previously: .SEGMENT CHARACTER 0 ? "x"
  .SEGMENT CHARACTER 0 ? "y"
.SEGMENT CHARACTER 0 ? "\\""
.SEGMENT CHARACTER 0 ? "\\\\"
.SEGMENT CHARACTER 0 "z"
"""

    segments = read_recording(text, "a.dat").segments

    assert [segment.label for segment in segments] == ['"', "\\", "z"]


def test_included_files_come_where_they_are_named_and_components_are_counted_through(
    tmp_path: Path,
) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "s.doc").write_text(".COORD X Y\n")
    (tmp_path / "s" / "first.dat").write_text(".INCLUDE s/s.doc\n.PEN_DOWN\n1 0\n")
    (tmp_path / "s" / "second.dat").write_text(".PEN_DOWN\r\n2 0\r\n.PEN_UP\r\n")
    text = """.INCLUDE s/first.dat
.INCLUDE s/second.dat
.PEN_DOWN
3 0
.SEGMENT CHARACTER 1-2 ? "a"
.SEGMENT CHARACTER 2 ? "b"
"""
    recording = read_recording(text, "s/own.dat", tmp_path)

    assert ink_x(recording) == [[2], [3]]
    assert recording.ink(0)[1] == "s/second.dat"
    assert recording.ink(1)[1] == "s/own.dat"


@pytest.mark.parametrize(
    "name", ["gone.dat", "../secret", "/etc/hostname", "", "a\0b", ".", "loop"]
)
def test_what_cannot_be_included_or_must_not_be_is_passed_over(tmp_path: Path, name: str) -> None:
    include = tmp_path / "include"
    include.mkdir()
    (tmp_path / "secret").write_text(".PEN_DOWN\n666 0\n")
    (include / "loop").write_text(".INCLUDE loop\n")
    text = f'.COORD X Y\n.INCLUDE {name}\n.PEN_DOWN\n1 0\n.SEGMENT CHARACTER 0 ? "a"\n'

    assert ink_x(read_recording(text, "a.dat", include)) == [[1]]


KEYWORDS = [".SEGMENT", ".PEN_DOWN", ".PEN_UP", ".COORD", ".INCLUDE", ".COMMENT", ".HIERARCHY"]
ARGUMENTS = [
    "CHARACTER",
    "X",
    "Y",
    "7",
    "3",
    "1-0",
    "0:1",
    ",",
    "?",
    '"8"',
    '"',
    "-",
    "\\",
    "1e999",
]
WORDS = st.sampled_from([*KEYWORDS, *ARGUMENTS])


@given(st.lists(WORDS | st.text(max_size=3), max_size=40))
def test_any_text_is_read_or_has_damaged_ink(words: list[str]) -> None:
    recording = read_recording(" ".join(words).replace(" .", "\n."), "a.dat", Path("/nowhere"))

    for number in range(len(recording.segments)):
        try:
            strokes, _ = recording.ink(number)
        except DamagedInk:
            continue
        assert all(len(stroke) and np.isfinite(stroke).all() for stroke in strokes)
