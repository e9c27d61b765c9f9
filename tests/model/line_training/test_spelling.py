from __future__ import annotations

import pytest
import torch

from model.datasets.alphabet import CHARACTERS
from model.line_training.spelling import CLASSES, NO_WRITING, PLACES, greedy, spell
from model.networks.line_networks import LABELS


def said(*labels: int) -> torch.Tensor:
    """Return logits of one line whose rows say these labels: (1, T, 65)."""
    return torch.nn.functional.one_hot(torch.tensor([labels]), LABELS).float()


def test_there_are_a_blank_62_characters_a_space_and_no_writing() -> None:
    assert ("", *CHARACTERS, " ", NO_WRITING) == CLASSES
    assert len(CLASSES) == LABELS


def test_texts_become_labels_and_back() -> None:
    texts = ["Az09", "a b", NO_WRITING]

    labels, lengths = spell(texts)

    assert lengths.tolist() == [4, 3, 1]
    spelt = iter(labels.tolist())
    assert ["".join(CLASSES[next(spelt)] for _ in text) for text in texts] == texts
    assert labels.dtype == lengths.dtype == torch.int64


def test_what_is_none_of_the_classes_cannot_be_spelt() -> None:
    with pytest.raises(KeyError):
        spell(["caf\xe9"])


def test_repeats_and_blanks_are_left_out() -> None:
    a, b = PLACES["a"], PLACES["b"]

    assert greedy(said(0, a, a, 0, a, b, b, 0), [8]) == ["aab"]


def test_rows_that_are_padding_say_nothing() -> None:
    a, b = PLACES["a"], PLACES["b"]

    assert greedy(said(a, b, b), [1]) == ["a"]


def test_spaces_stand_between_words_alone() -> None:
    a, space = PLACES["a"], PLACES[" "]

    assert greedy(said(space, a, space, a, space), [5]) == ["a a"]
