from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.datasets.alphabet import CHARACTERS
from model.networks.checkpoint import load_weights
from model.networks.registry import CHARACTERS as NETWORK
from model.pen.attribution import EMNIST, MNIST, PENDIGITS, UNIPEN
from model.pen.drawings import PenDrawing
from model.reading.recogniser import Recogniser
from model.synthesis.character_images import NO_CHARACTER
from model.training import character_data, options, run
from model.training.character_data import (
    MERGED_LABELS,
    Characters,
    gather_characters,
    meaning_table,
    some_of_each,
)
from model.training.options import Mixture, TrainingOptions
from model.weight_files.card import Card
from tests.model.datasets.scanned_characters import write_characters

MARK = [[[0, 60, 120], [0, 200, 20]]]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The recipe with a handful of images in place of tens of thousands."""
    recipe = replace(
        options.RECIPES[NETWORK],
        mixture=Mixture(scans=60, strokes=40),
        branch_mixture=Mixture(scans=10, strokes=10, scribbles=10),
    )
    monkeypatch.setitem(options.RECIPES, NETWORK, recipe)
    monkeypatch.setattr(run, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(character_data, "OF_EACH", 2)
    monkeypatch.setattr(character_data, "SCRIBBLES", 12)


def chosen() -> TrainingOptions:
    return TrainingOptions(network=NETWORK, epochs=1)


def gathered(data_dir: Path, folder: Path) -> Characters:
    return gather_characters(chosen(), data_dir, folder)[0]


def trained(data_dir: Path, folder: Path) -> Card:
    run.train(chosen(), data_dir, folder / "w.safetensors", folder)
    return load_weights(folder / "w.safetensors")[1]


def test_a_training_makes_a_reader_of_62_characters_that_owes_its_data_to_whom_it_says(
    tmp_path: Path,
) -> None:
    card = trained(write_characters(tmp_path / "data"), tmp_path)

    assert card.classes == tuple(CHARACTERS)
    assert card.training_data == {
        "EMNIST": 112 + 94,
        "MNIST": 1497,
        "pen characters": 3,
        "characters of lines": 2,
        "scribbles": 12,
    }
    assert card.attribution == (EMNIST, MNIST, UNIPEN, PENDIGITS)
    assert card.digit_threshold is not None
    assert {"EMNIST accuracy", "pen accuracy"} <= set(card.metrics)
    assert Recogniser.load(tmp_path / "w.onnx").card == card


def test_without_pen_strokes_scans_and_scribbles_train_and_a_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = trained(write_characters(tmp_path / "data", with_strokes=False), tmp_path)

    assert "there are no pen strokes" in capsys.readouterr().err
    assert card.training_data["pen characters"] == 0
    assert card.attribution == (EMNIST, MNIST)


def test_a_line_whose_words_are_lines_themselves_is_not_cut_again(tmp_path: Path) -> None:
    training = gathered(write_characters(tmp_path / "data"), tmp_path)

    assert training.sizes["characters of lines"] == 2


def test_a_merged_label_allows_both_cases_and_every_other_one_character() -> None:
    table = meaning_table()

    allowed = table[MERGED_LABELS["c"], :NO_CHARACTER].nonzero()[:, 0].tolist()
    assert [CHARACTERS[place] for place in allowed] == ["C", "c"]
    assert table[: NO_CHARACTER + 1].sum(dim=1).tolist() == [1] * 63
    assert table[NO_CHARACTER + 1 :].sum(dim=1).tolist() == [2] * 15


def test_reading_learns_from_characters_alone_and_the_branch_from_scribbles_too(
    tmp_path: Path,
) -> None:
    training = gathered(write_characters(tmp_path / "data"), tmp_path)
    branch = training.for_branch()
    assert branch is not None

    read = torch.cat([labels for _, labels in training.batches(chosen(), 1)])
    judged = torch.cat([labels for _, labels in branch.batches(chosen(), 1)])

    assert read.shape == (100, 62)
    assert read.any(dim=1).all()
    assert judged.shape == (30, 63)
    assert judged[:, NO_CHARACTER].sum() == 10
    assert branch.for_branch() is None


def test_an_epoch_is_the_same_again_and_another_epoch_is_not(tmp_path: Path) -> None:
    training = gathered(write_characters(tmp_path / "data"), tmp_path)

    def first(epoch: int) -> torch.Tensor:
        return next(iter(training.batches(chosen(), epoch)))[0]

    assert torch.equal(first(1), first(1))
    assert not torch.equal(first(1), first(2))


def test_of_classes_with_many_drawings_some_are_taken_evenly() -> None:
    drawings = [PenDrawing("a", str(n), "syn", MARK) for n in range(10)]
    drawings += [PenDrawing("b", str(n), "syn", MARK) for n in range(2)]

    some = some_of_each(drawings, 5)

    assert Counter(drawing.label for drawing in some) == {"a": 5, "b": 2}
    assert [drawing.writer for drawing in some if drawing.label == "a"] == list("02468")
