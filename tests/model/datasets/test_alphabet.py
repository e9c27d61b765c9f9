from __future__ import annotations

import numpy as np
import pytest

from model.datasets.alphabet import (
    CHARACTERS,
    MERGED,
    both_cases,
    meanings,
    merge,
    merged_places,
)


def test_there_are_62_characters_of_which_47_are_told_apart_without_case() -> None:
    assert len(set(CHARACTERS)) == len(CHARACTERS) == 62
    assert len(MERGED) == 47


def test_only_letters_of_one_shape_lose_their_case() -> None:
    assert merge("Cosy Bag 01") == "COSY Bag 01"


def test_a_label_means_what_it_may_stand_for_and_nothing_else() -> None:
    table = meanings(["a", "Cc"])

    assert ["".join(np.array(list(CHARACTERS))[row]) for row in table] == ["a", "Cc"]


@pytest.mark.parametrize("label", ["", "?"])
def test_a_label_that_means_no_character_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match=r"nothing|not found"):
        meanings([label])


def test_merged_classes_mean_each_character_once() -> None:
    table = meanings([both_cases(label) for label in MERGED])

    assert (table.sum(axis=0) == 1).all()
    assert (table.argmax(axis=0) == merged_places()).all()
