from __future__ import annotations

import dataclasses
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.datasets.alphabet import CHARACTERS
from model.errors import BadDrawing, BadWeights, NoInk, WeightsNotFound
from model.evaluation.out_of_distribution import SCRIBBLES
from model.weight_files.places import SHIPPED
from model.writing.reader import MOST_POINTS, PATH, SETTINGS, STRIP, Reader, Reading
from model.writing.scoring import read_settings, write_settings
from tests.model.writing.plain_hand import HEIGHT, picture, write

Strokes = list[list[list[float]]]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.fixture(scope="module")
def numbers() -> Reader:
    return Reader.load("digits")


def scribbles(count: int) -> list[Strokes]:
    chance = np.random.default_rng(8)
    drawn = [SCRIBBLES[place % len(SCRIBBLES)](chance) for place in range(count)]
    return [[(line * 100).T.tolist() for line in lines] for lines in drawn]


def readings(reader: Reader) -> list[Reading]:
    texts = ("HAT", "tin", "1724", "LET\nTEN", "MAN 12")
    return [
        *(reader.read(strokes=write(text)) for text in texts),
        *(reader.read(picture(write(text))) for text in texts),
        *(reader.read(strokes=strokes) for strokes in scribbles(6)),
    ]


@pytest.mark.parametrize("text", ["1724", "HAT", "tin"])
def test_plain_printing_is_read_by_its_strokes_and_in_a_picture(reader: Reader, text: str) -> None:
    strokes = write(text)

    assert reader.read(strokes=strokes).text == text
    assert reader.read(picture(strokes)).text == text
    assert reader.read(255 - picture(strokes)).text == text


def test_rows_are_read_from_top_to_bottom(reader: Reader) -> None:
    strokes = write("LET\nTEN")

    assert reader.read(strokes=strokes).text == "LET\nTEN"
    assert reader.read(picture(strokes)).text == "LET\nTEN"


def test_rows_are_right_where_all_of_them_are(reader: Reader) -> None:
    upper, lower, both = (reader.read(strokes=write(text)) for text in ("LET", "TEN", "LET\nTEN"))

    assert both.confidence == pytest.approx(upper.confidence * lower.confidence, rel=1e-3)


def test_in_which_order_rows_were_written_changes_nothing(reader: Reader) -> None:
    upper_first = write("LET\nTEN")
    count = len(write("LET"))

    lower_first = reader.read(strokes=[*upper_first[count:], *upper_first[:count]])

    assert lower_first.text == "LET\nTEN"
    assert lower_first.characters[0].strokes[0] == len(upper_first) - count


def test_each_stroke_is_of_one_character_and_a_space_has_none(reader: Reader) -> None:
    strokes = write("74 12")

    reading = reader.read(strokes=strokes)

    owned = [stroke for character in reading.characters for stroke in character.strokes]
    assert sorted(owned) == list(range(len(strokes)))
    assert all(character.strokes for character in reading.characters)
    assert " " not in [character.label for character in reading.characters]


def test_a_character_is_where_its_strokes_were_drawn(reader: Reader) -> None:
    strokes = write("HAT", left=400.0, top=50.0)

    first, _, last = (c.box for c in reader.read(strokes=strokes).characters)

    assert first == pytest.approx((400, 50, 460, 50 + HEIGHT), abs=1)
    assert last[2] == pytest.approx(max(max(stroke[0]) for stroke in strokes), abs=1)


def test_a_character_is_where_it_stands_in_the_picture(reader: Reader) -> None:
    strokes = write("HAT", left=400.0, top=50.0)

    first, _, last = (c.box for c in reader.read(picture(strokes, 0)).characters)

    assert first == pytest.approx((400, 50, 460, 50 + HEIGHT), abs=12)
    assert last[2] == pytest.approx(max(max(stroke[0]) for stroke in strokes), abs=12)


def test_what_is_read_is_told_character_by_character(reader: Reader) -> None:
    for reading in readings(reader):
        assert "".join(c.label for c in reading.characters) == "".join(reading.text.split())
        for character in reading.characters:
            assert "".join(character.probabilities) == CHARACTERS
            assert sum(character.probabilities.values()) == pytest.approx(1)
            assert character.confidence == character.probabilities[character.label]


def test_sure_is_what_is_writing_with_a_confidence_that_reaches_the_threshold(
    reader: Reader,
) -> None:
    for reading in readings(reader):
        assert 0 < reading.confidence <= 1
        assert reading.is_writing or not reading.sure


def test_numbers_are_digits_alone(numbers: Reader) -> None:
    for text in ("1724", "HAT", "tin"):
        reading = numbers.read(strokes=write(text))

        assert reading.text.isdigit()
        for character in reading.characters:
            assert "".join(character.probabilities) == "0123456789"
            assert sum(character.probabilities.values()) == pytest.approx(1)
    assert numbers.read(strokes=write("1724")).text == "1724"


def test_scribbles_are_no_writing_most_of_the_time(reader: Reader) -> None:
    refused = [not reader.read(strokes=strokes).is_writing for strokes in scribbles(20)]

    assert np.mean(refused) >= 0.7


@pytest.mark.parametrize(
    "strokes",
    [[], [[[], []]], [[[5], [5]]], [[[5, 5, 5], [7, 7, 7]]], [[[5], [5]], [[5], [5]]]],
    ids=["no strokes", "no points", "a dot", "a dot that was held", "a dot twice"],
)
def test_strokes_without_extent_are_no_ink(reader: Reader, strokes: Strokes) -> None:
    with pytest.raises(NoInk):
        reader.read(strokes=strokes)


@pytest.mark.parametrize(
    "strokes",
    [
        3,
        [3],
        ["ab"],
        [{"x": [1], "y": [2]}],
        [[[1, 2], [1]]],
        [[[1, 2]]],
        [[1, 2]],
        [[[[1, 2]], [[1, 2]]]],
        [[["a"], ["b"]]],
        [[[None, 1], [2, 3]]],
        [[[float("nan"), 1], [0, 1]]],
        [[[float("inf"), 1], [0, 1]]],
        [[[10**400, 1], [0, 1]]],
        [[[1e12, 1], [0, 1]]],
        [[list(range(MOST_POINTS + 1)), list(range(MOST_POINTS + 1))]],
    ],
)
def test_what_no_pen_can_have_drawn_is_refused(reader: Reader, strokes: Any) -> None:
    with pytest.raises(BadDrawing) as refusal:
        reader.read(strokes=strokes)

    assert not isinstance(refusal.value, NoInk)


def test_the_smallest_and_the_largest_drawing_are_read_alike(reader: Reader) -> None:
    strokes = write("HAT")

    for scale in (1e-3, 1e5):
        scaled = [[[x * scale for x in axis] for axis in stroke] for stroke in strokes]

        assert reader.read(strokes=scaled).text == "HAT"


def test_a_long_dash_and_a_long_pole_are_read_as_something(reader: Reader) -> None:
    for stroke in ([[0, 5000], [0, 0]], [[0, 0], [0, 5000]]):
        assert len(reader.read(strokes=[stroke]).text) > 0


def test_a_blank_picture_has_no_ink(reader: Reader) -> None:
    with pytest.raises(NoInk):
        reader.read(np.zeros((100, 300), np.uint8))


def test_what_is_no_picture_is_refused(reader: Reader) -> None:
    floats: Any = np.zeros((3, 3))
    with pytest.raises(BadDrawing):
        reader.read(floats)


def test_nothing_to_read_is_a_mistake_of_the_caller(reader: Reader) -> None:
    with pytest.raises(ValueError, match="give an image, or strokes"):
        reader.read()


def test_specks_of_a_pixel_are_no_writing_beside_ink(reader: Reader) -> None:
    sheet: NDArray[np.uint8] = picture(write("HAT")).copy()
    clean = reader.read(sheet)
    sheet[3, 3] = sheet[-3, -3] = 255

    assert reader.read(sheet).text == clean.text


def test_several_threads_read_what_one_does(reader: Reader) -> None:
    drawings = [write(text) for text in ("HAT", "1724", "tin", "MAN")]
    alone = [reader.read(strokes=strokes) for strokes in drawings]
    found: dict[int, Reading] = {}

    def read(place: int) -> None:
        found[place] = reader.read(strokes=drawings[place])

    threads = [threading.Thread(target=read, args=(place,)) for place in range(len(drawings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[place] for place in range(len(drawings))] == alone


def test_an_unknown_alphabet_is_named() -> None:
    with pytest.raises(ValueError, match="unknown alphabet 'runes'"):
        Reader.load("runes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (STRIP, PATH, SETTINGS):
        shutil.copy(SHIPPED / name, tmp_path / name)
    return tmp_path


def test_three_files_in_a_folder_are_enough(folder: Path, reader: Reader) -> None:
    strokes = write("HAT")

    assert Reader.load(folder=folder).read(strokes=strokes) == reader.read(strokes=strokes)


@pytest.mark.parametrize("name", ["strip_version", "path_version"])
def test_settings_of_other_weights_are_refused(folder: Path, name: str) -> None:
    settings = read_settings(folder / SETTINGS)
    write_settings(folder / SETTINGS, dataclasses.replace(settings, **{name: "other-12345678"}))

    with pytest.raises(BadWeights, match="was made for other-12345678"):
        Reader.load(folder=folder)


def test_the_one_networks_weights_in_the_place_of_the_others_are_refused(folder: Path) -> None:
    shutil.copy(SHIPPED / PATH, folder / STRIP)

    with pytest.raises(BadWeights, match=r"writing\.json was made for strip-"):
        Reader.load(folder=folder)


def test_damaged_settings_are_refused(folder: Path) -> None:
    (folder / SETTINGS).write_text("{")

    with pytest.raises(BadWeights, match=r"writing\.json does not say"):
        Reader.load(folder=folder)


def test_missing_weights_are_named(folder: Path) -> None:
    (folder / PATH).unlink()

    with pytest.raises(WeightsNotFound, match=r"path\.onnx"):
        Reader.load(folder=folder)
