from __future__ import annotations

import numpy as np
import pytest

from model.writing.looked import Look, look_at_strokes
from model.writing.reader import Reader, Reading, Strokes
from tests.model.writing.plain_hand import write


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def looks(reader: Reader, strokes: Strokes) -> tuple[Reading, list[Look]]:
    reading = reader.read(strokes=strokes)
    return reading, look_at_strokes(reader, strokes, reading)


def test_each_character_has_a_heat_from_0_to_1(reader):
    reading, (look,) = looks(reader, write("HELEN"))

    assert len(look.heat) == len(reading.characters)
    assert look.heat.min() >= 0
    assert look.heat.max() == 1


def test_what_spoke_for_a_character_lies_where_it_is(reader):
    reading, (look,) = looks(reader, write("HELEN"))

    left, _, right, _ = look.box
    width = look.heat.shape[2]
    found = [
        left
        + (right - left) * (np.average(np.arange(width), weights=heat.sum(axis=0)) + 0.5) / width
        for heat in look.heat
    ]
    middles = [(one.box[0] + one.box[2]) / 2 for one in reading.characters]
    half = (right - left) / len(found)
    assert found == sorted(found)
    assert np.abs(np.array(found) - middles).max() < half


def test_rows_are_looked_at_apart(reader):
    reading, found = looks(reader, write("TEN\nMEN"))

    assert reading.text.count("\n") == 1
    assert [look.first for look in found] == [0, 3]
    assert found[0].box[3] < found[1].box[1]


def test_a_blank_has_no_heat_of_its_own(reader):
    strokes = write("TEN MEN")
    reading = Reading("TEN MEN", 1.0, True, ())

    (look,) = look_at_strokes(reader, strokes, reading)

    assert len(look.heat) == len("TENMEN")
