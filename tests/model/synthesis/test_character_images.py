from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from model.datasets.alphabet import CHARACTERS
from model.pen.drawings import PenDrawing
from model.synthesis.character_images import (
    LIKE_CHARACTERS,
    NO_CHARACTER,
    cut_characters,
    no_character,
    render_characters,
    repeat_rare,
)
from model.synthesis.outlier_exposure import SYMBOLS
from tests.model.datasets.scanned_characters import write_characters

MARK = [[[0, 60, 120], [0, 200, 20]]]


def drawings(label: str, count: int) -> list[PenDrawing]:
    return [PenDrawing(label, str(number), "syn", MARK) for number in range(count)]


def test_a_rare_class_is_drawn_as_often_as_it_takes_and_a_common_one_once() -> None:
    repeated = repeat_rare([*drawings("a", 8), *drawings("b", 3), *drawings("c", 1)], 8, 4)

    assert Counter(drawing.label for drawing in repeated) == {"a": 8, "b": 9, "c": 4}


def test_characters_are_isolated_ones_and_those_of_words_of_training_sites(tmp_path: Path) -> None:
    data = write_characters(tmp_path / "data")

    made = render_characters(data, tmp_path, of_each=1, most_rounds=2, scribbles=3, seed=0)

    labels = [CHARACTERS[label] for label in made.characters.labels]
    assert sorted(labels) == sorted("7www" + "a")
    assert made.drawings == {"pen characters": 3, "characters of lines": 2}
    assert made.scribbles.labels.tolist() == [NO_CHARACTER] * 3


def test_the_cache_gives_what_rendering_gave(tmp_path: Path) -> None:
    data = write_characters(tmp_path / "data")

    first, again = (
        render_characters(data, tmp_path, of_each=1, most_rounds=2, scribbles=3, seed=0)
        for _ in range(2)
    )

    assert len(list(tmp_path.glob("characters-*.npz"))) == 1
    assert first.characters.images.equal(again.characters.images)


def test_a_word_is_cut_into_its_characters(tmp_path: Path) -> None:
    cut = cut_characters(write_characters(tmp_path / "data"), "training")

    assert [(drawing.label, len(drawing.strokes)) for drawing in cut] == [("a", 2), ("w", 1)]


def test_what_is_no_character_is_made_without_any_recording_too() -> None:
    inks = [no_character([], np.random.default_rng([0, number])) for number in range(20)]

    assert all(ink.shape == (28, 28) and ink.max() == 255 for ink in inks)
    assert len({ink.tobytes() for ink in inks}) == 20


def test_a_cross_and_a_plus_are_no_strangers() -> None:
    cross, plus = (SYMBOLS[place] for place in sorted(LIKE_CHARACTERS))

    assert cross == (((0, 0), (1, 1)), ((1, 0), (0, 1)))
    assert plus == (((0.5, 0), (0.5, 1)), ((0, 0.5), (1, 0.5)))
