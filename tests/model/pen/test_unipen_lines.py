from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from model.pen.unipen_lines import LINE_CATEGORIES, read_release_lines
from model.pen.unipen_release import open_release
from model.pen.written_lines import WrittenLine
from tests.model.pen.pen_recordings import write_archive

INCLUDED = ".INCLUDE apa/app.doc\n.INCLUDE apa/ink.dat\n"


def ink(*lefts: int) -> str:
    """Upright strokes at these places, the pen seen in the air between them."""
    strokes = (f".PEN_DOWN\n{x} 100\n{x + 10} 0\n.PEN_UP\n{x} 50\n" for x in lefts)
    return ".WRITER_ID Somebody\n" + "".join(strokes)


def write_release(folder: Path, ink_text: str, **categories: str) -> Path:
    """A release of one file of ink; categories: the segments of `7`, `8`, ... as `c7`, `c8`."""
    files = {"include/apa/app.doc": ".COORD X Y\n", "include/apa/ink.dat": ink_text}
    for name, segments in categories.items():
        files[f"data/{name.removeprefix('c')}/apa/ink.dat"] = INCLUDED + segments
    for name, text in files.items():
        path = folder / "train_r01_v07" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def lines(folder: Path, skipped: Counter[str] | None = None) -> list[WrittenLine]:
    with open_release(folder, (), LINE_CATEGORIES) as root:
        return list(read_release_lines(root, (), Counter() if skipped is None else skipped))


def test_a_word_is_255_high_and_as_wide_as_it_is(tmp_path: Path) -> None:
    release = write_release(tmp_path, ink(0, 100), c7='.SEGMENT WORD 0-2 ? "il"\n')

    (word,) = lines(release)

    assert word.strokes == [[[0, 26], [0, 255]], [[255, 280], [0, 255]]]
    assert (word.text, word.source, word.characters) == ("il", "apa", None)


def test_components_are_counted_with_the_pen_down_and_up(tmp_path: Path) -> None:
    release = write_release(tmp_path, ink(0, 100, 200), c7='.SEGMENT WORD 2-4 ? "il"\n')

    (word,) = lines(release)

    assert len(word.strokes) == 2


def test_the_same_writer_has_one_name_that_tells_nothing(tmp_path: Path) -> None:
    first = write_release(tmp_path / "1", ink(0, 100), c7='.SEGMENT WORD 0-2 ? "il"\n')
    other = ink(0, 100).replace("Somebody", "Nobody")
    second = write_release(tmp_path / "2", other, c7='.SEGMENT WORD 0-2 ? "il"\n')

    writers = [lines(release)[0].writer for release in (first, first, second)]

    assert writers[0] == writers[1] != writers[2]
    assert all(len(writer) == len("apa/123456") for writer in writers)
    assert "body" not in "".join(writers)


def test_a_line_gives_its_words_and_itself_cut_by_its_gaps(tmp_path: Path) -> None:
    release = write_release(tmp_path, ink(0, 30, 200, 230), c8='.SEGMENT TEXT 0-6 ? "il li"\n')

    assert [(line.text, len(line.strokes)) for line in lines(release)] == [
        ("il", 2),
        ("li", 2),
        ("il li", 4),
    ]


def test_characters_tell_where_words_part_though_no_gap_does(tmp_path: Path) -> None:
    characters = "".join(
        f'.SEGMENT CHARACTER {place} ? "{label}"\n'
        for place, label in zip((0, 2, 4, 6), "ilIi", strict=True)
    )
    text = '.SEGMENT TEXT 0-6 ? "il Ii"\n'
    evenly = ink(0, 30, 60, 90)
    skipped: Counter[str] = Counter()

    assert lines(write_release(tmp_path / "untold", evenly, c8=text), skipped) == []
    told = lines(write_release(tmp_path / "told", evenly, c8=text, c2=characters))

    assert skipped == {"lines of which it is doubtful where they fall into words": 1}
    assert [(line.text, line.characters) for line in told] == [
        ("il", ((0,), (1,))),
        ("Ii", ((0,), (1,))),
        ("il Ii", ((0,), (1,), (2,), (3,))),
    ]


def test_characters_of_several_strokes_are_told_in_the_order_of_the_word(tmp_path: Path) -> None:
    characters = '.SEGMENT CHARACTER 2 ? "l"\n.SEGMENT CHARACTER 0,4 ? "i"\n'
    release = write_release(
        tmp_path, ink(0, 100, 2), c7='.SEGMENT WORD 0-4 ? "il"\n', c1c=characters
    )

    (word,) = lines(release)

    assert word.characters == ((0, 2), (1,))


def test_characters_that_share_a_stroke_are_not_told_apart(tmp_path: Path) -> None:
    characters = '.SEGMENT CHARACTER 0 ? "i"\n.SEGMENT CHARACTER 0-2 ? "l"\n'
    release = write_release(tmp_path, ink(0, 100), c7='.SEGMENT WORD 0-2 ? "il"\n', c1c=characters)

    (word,) = lines(release)

    assert word.characters is None


def test_words_that_are_segments_of_their_own_come_once(tmp_path: Path) -> None:
    words = '.SEGMENT WORD 0-2 ? "il"\n.SEGMENT WORD 4-6 ? "li"\n'
    release = write_release(
        tmp_path, ink(0, 30, 60, 90), c7=words, c8='.SEGMENT TEXT 0-6 ? "il li"\n'
    )

    assert [line.text for line in lines(release)] == ["il", "li", "il li"]


def test_of_a_long_line_its_beginning_is_a_line(tmp_path: Path) -> None:
    lefts = [word * 1000 + letter * 20 for word in range(4) for letter in range(9)]
    text = " ".join(["illillill"] * 4)
    release = write_release(tmp_path, ink(*lefts), c8=f'.SEGMENT TEXT 0-70 ? "{text}"\n')

    found = [line.text for line in lines(release)]

    assert found == ["illillill"] * 4 + ["illillill illillill"]


def test_what_is_no_word_of_letters_and_digits_is_skipped_and_counted(tmp_path: Path) -> None:
    segments = (
        '.SEGMENT WORD 0 ? "I"\n'
        '.SEGMENT WORD 0 ? "illi"\n'
        '.SEGMENT WORD 0-2 ? "i."\n'
        '.SEGMENT WORD 0-2 ? ""\n'
        '.SEGMENT WORD 0-99 ? "il"\n'
    )
    skipped: Counter[str] = Counter()

    assert lines(write_release(tmp_path, ink(0, 100), c7=segments), skipped) == []
    assert skipped == {
        "single characters": 1,
        "joined hands": 1,
        "labels with other characters than letters and digits": 2,
        "components that are not there": 1,
    }


def test_an_archive_gives_the_lines_of_its_folder(tmp_path: Path) -> None:
    characters = '.SEGMENT CHARACTER 0 ? "i"\n.SEGMENT CHARACTER 2 ? "l"\n'
    folder = write_release(
        tmp_path / "folder", ink(0, 100), c7='.SEGMENT WORD 0-2 ? "il"\n', c3=characters
    )
    archive = write_archive(tmp_path / "train.tar", folder, "gz")

    assert lines(archive) == lines(folder)
    assert lines(folder)[0].characters == ((0,), (1,))


@pytest.mark.data
def test_lines_of_the_sample_are_those_of_the_file_made_of_the_release(datasets: Path) -> None:
    sample, made = datasets / "unipen-sample", datasets / "lines" / "unipen.ndjson.gz"
    if not sample.is_dir() or not made.is_file():
        pytest.skip(f"there is no sample of the release beside its lines in {datasets}")
    from model.pen.written_lines import read_written_lines

    with open_release(sample, (), LINE_CATEGORIES) as root:
        ours = list(read_release_lines(root, (), Counter(), 1.0))
    writers = {line.writer for line in ours}
    theirs = {
        (line.text, line.writer, json.dumps([[s[0][0], s[1][0]] for s in line.strokes]))
        for line in read_written_lines(made)
        if line.writer in writers
    }

    starts = [
        (line.text, line.writer, json.dumps([[s[0][0], s[1][0]] for s in line.strokes]))
        for line in ours
    ]
    assert len(ours) == 6
    assert set(starts) <= theirs  # where each stroke begins, to the pixel
