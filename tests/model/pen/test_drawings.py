from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from model.datasets.idx import DatasetError
from model.pen.drawings import PenDrawing, load_pen_drawings, read_pen_drawings
from model.pen.sites import TEST_SITES, VALIDATION_SITES

SEVEN = [[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]]


def write(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    return path


def test_recorded_drawings_are_read_in_their_order(tmp_path: Path) -> None:
    rows = [
        {"word": label, "writer": 4, "source": "here", "drawing": SEVEN} for label in ("7", "q")
    ]
    path = tmp_path / "some.ndjson.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))

    assert list(read_pen_drawings(path)) == [
        PenDrawing(label=label, writer="4", source="here", strokes=SEVEN) for label in ("7", "q")
    ]


def test_files_of_quick_draw_are_read_as_they_come_uncompressed(tmp_path: Path) -> None:
    folder = tmp_path / "pen"
    folder.mkdir()
    row = {"word": "7", "key_id": "12", "drawing": SEVEN}
    (folder / "seven.ndjson").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (folder / "seven.ndjson.part").write_text("half of a download", encoding="utf-8")

    assert load_pen_drawings(tmp_path, "training") == [
        PenDrawing(label="7", writer="12", source="seven", strokes=SEVEN)
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"not compressed",
        gzip.compress(b"[1, 2"),
        gzip.compress(b'{"word": "7"}'),
        gzip.compress(b'{"word": "7", "drawing": []}'),
        gzip.compress(b'{"word": "7", "drawing": [[]]}'),
        gzip.compress(b'{"word": "7", "drawing": [[[1, 2], [3]]]}'),
        gzip.compress(b'{"word": "7", "drawing": [[[], []]]}'),
        gzip.compress(b'{"word": "7", "drawing": "abc"}'),
        gzip.compress(b'{"word": "7", "drawing": [[["1"], ["2"]]]}'),
        gzip.compress(b'{"word": "7", "drawing": [[[NaN], [2]]]}'),
    ],
    # Named, for gzip writes the time into its bytes.
    ids=[
        "not compressed",
        "cut off",
        "without strokes",
        "no stroke",
        "no point",
        "odd",
        "empty",
        "text",
        "numbers as text",
        "not a number",
    ],
)
def test_a_damaged_file_of_drawings_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.ndjson.gz").write_bytes(content)

    with pytest.raises(DatasetError, match=r"bad\.ndjson\.gz is damaged"):
        list(read_pen_drawings(tmp_path / "bad.ndjson.gz"))


def test_a_file_of_quick_draw_is_its_own_site_and_each_drawing_a_writer(tmp_path: Path) -> None:
    row = {"word": "7", "countrycode": "DE", "key_id": "551", "drawing": SEVEN}
    path = write(tmp_path / "seven.ndjson.gz", row, {"word": "7", "drawing": SEVEN})

    assert [(drawing.source, drawing.writer) for drawing in read_pen_drawings(path)] == [
        ("seven", "551"),
        ("seven", "1"),
    ]


def drawing(label: str, *strokes: list[list[float]]) -> PenDrawing:
    return PenDrawing(label=label, writer="4", source="here", strokes=strokes)


SLASH = [[200, 150, 100, 51], [0, 90, 170, 255]]
UPRIGHT = [[30, 28, 31], [0, 130, 255]]
LEVEL = [[0, 100, 255], [9, 4, 0]]
CIRCLE = [[128, 0, 128, 255, 128], [0, 128, 255, 128, 0]]


@pytest.mark.parametrize(
    ("label", "stroke"),
    [("0", SLASH), ("4", UPRIGHT), ("1", LEVEL), ("6", [[7], [7]]), ("4", [[7, 7], [7, 7]])],
    ids=["slash of a zero", "stem of a four", "foot of a one", "dot", "dot held long"],
)
def test_a_lone_straight_line_is_a_fragment_of_a_digit(
    label: str, stroke: list[list[float]]
) -> None:
    assert drawing(label, stroke).is_fragment


@pytest.mark.parametrize(
    "whole",
    [
        drawing("1", SLASH),
        drawing("1", UPRIGHT),
        drawing("0", CIRCLE),
        drawing("0", CIRCLE, SLASH),
        drawing("4", SLASH, LEVEL),
    ],
)
def test_an_upright_one_and_what_has_more_than_a_line_are_complete(whole: PenDrawing) -> None:
    assert not whole.is_fragment


def test_no_site_has_two_parts(tmp_path: Path) -> None:
    sites = ("syn", "elsewhere", *VALIDATION_SITES, *TEST_SITES)
    rows = [{"word": "7", "source": site, "writer": 1, "drawing": SEVEN} for site in sites]
    write(tmp_path / "pen" / "some.ndjson.gz", *rows)

    parts = {
        part: [drawing.source for drawing in load_pen_drawings(tmp_path, part)]
        for part in ("training", "validation", "test")
    }

    assert parts == {
        "training": ["syn", "elsewhere"],
        "validation": list(VALIDATION_SITES),
        "test": list(TEST_SITES),
    }


@pytest.mark.data
def test_the_test_sites_have_enough_digits_of_every_class(datasets: Path) -> None:
    if not (datasets / "pen").is_dir():
        pytest.skip(f"there are no pen strokes in {datasets}")
    digits = [drawing.label for drawing in load_pen_drawings(datasets, "test")]

    counts = [digits.count(str(label)) for label in range(10)]
    assert sum(counts) >= 2500
    assert min(counts) >= 200


@pytest.mark.data
def test_fragments_are_few_and_all_from_one_site(datasets: Path) -> None:
    if not (datasets / "pen").is_dir():
        pytest.skip(f"there are no pen strokes in {datasets}")
    sites = [
        drawing.source
        for part in ("training", "validation", "test")
        for drawing in load_pen_drawings(datasets, part)
        if drawing.label.isdigit() and drawing.is_fragment
    ]

    assert sites == ["ibm"] * 65
