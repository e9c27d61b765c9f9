from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from model.datasets.idx import DatasetError
from model.pen.drawings import CHARACTER_FOLDERS, load_pen_drawings
from model.pen.written_lines import WrittenLine, load_written_lines, read_written_lines

STEM = [[0, 0], [0, 255]]
BAR = [[0, 90], [100, 100]]


def row(**changes: Any) -> dict[str, Any]:
    return {
        "word": "I t",
        "source": "syn",
        "writer": "syn/1",
        "drawing": [STEM, BAR, STEM],
        "characters": [[0], [2, 1]],
    } | changes


def write(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def read_one(tmp_path: Path, **changes: Any) -> WrittenLine:
    (line,) = read_written_lines(write(tmp_path / "one.ndjson", row(**changes)))
    return line


def test_a_line_has_its_text_its_writer_and_which_strokes_are_which_character(
    tmp_path: Path,
) -> None:
    assert read_one(tmp_path) == WrittenLine(
        "I t", "syn/1", "syn", [STEM, BAR, STEM], ((0,), (2, 1))
    )


def test_characters_are_cut_from_a_line_as_high_as_they_stand_in_it(tmp_path: Path) -> None:
    cut = read_one(tmp_path).cut()

    assert [(drawing.label, drawing.strokes) for drawing in cut] == [
        ("I", [STEM]),
        ("t", [STEM, BAR]),
    ]
    assert {(drawing.writer, drawing.source) for drawing in cut} == {("syn/1", "syn")}


def test_a_line_whose_characters_nobody_told_apart_gives_none(tmp_path: Path) -> None:
    assert read_one(tmp_path, characters=None).cut() == []


def test_fewer_strokes_than_characters_are_a_joined_hand(tmp_path: Path) -> None:
    assert read_one(tmp_path).is_printed
    assert not read_one(tmp_path, drawing=[STEM], characters=None).is_printed


@pytest.mark.parametrize(
    "damage",
    [
        {"word": ""},
        {"word": "I  t"},
        {"word": " It"},
        {"drawing": []},
        {"drawing": [[[0], [1, 2]]], "characters": None},
        {"characters": [[0], [1]]},
        {"characters": [[0], [1, 1]]},
        {"characters": [[0, 1, 2]]},
        {"characters": [[0], [1, 2], []]},
        {"writer": None, "source": None, "characters": 3},
    ],
)
def test_what_cannot_be_a_line_is_refused_with_the_file_named(
    tmp_path: Path, damage: dict[str, Any]
) -> None:
    with pytest.raises(DatasetError, match=r"one\.ndjson is damaged"):
        read_one(tmp_path, **damage)


def test_lines_are_read_for_the_part_that_their_site_has(tmp_path: Path) -> None:
    rows = [row(source=site) for site in ("syn", "apa", "kar", "ced", "cee")]
    write(tmp_path / "lines" / "some.ndjson", *rows)

    found = {
        part: [line.source for line in load_written_lines(tmp_path, part)]
        for part in ("training", "validation", "test")
    }

    assert found == {"training": ["syn"], "validation": ["apa", "kar"], "test": ["ced", "cee"]}


def test_folders_of_strokes_are_read_where_they_are_there(tmp_path: Path) -> None:
    assert load_written_lines(tmp_path, "training") == []
    seven = {"word": "7", "source": "tos", "writer": "x", "drawing": [STEM]}
    write(tmp_path / "pen-more" / "some.ndjson", seven)

    assert load_pen_drawings(tmp_path, "training") == []
    assert [d.label for d in load_pen_drawings(tmp_path, "training", CHARACTER_FOLDERS)] == ["7"]
