from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.datasets.alphabet import CHARACTERS
from model.datasets.idx import DatasetError
from model.line_training import reader_settings
from model.line_training import train_reader as module
from model.line_training.lags import measure_lags
from model.line_training.learn import LineRecipe
from model.line_training.reader_settings import calibration_error, format_settings
from model.line_training.samples import Amounts
from model.line_training.spelling import CLASSES, NO_WRITING
from model.line_training.train_reader import train_reader, with_no_writing
from model.weight_files.graph import read_graph
from model.weight_files.tensors import read_tensors
from model.writing.reader import PATH, SETTINGS, STRIP, Reader
from model.writing.scoring import Settings, read_settings
from tests.model.line_training.written import line, samples, write_data
from tests.model.writing.plain_hand import write

RECIPE = LineRecipe(epochs=1, batch_size=8)
FEW = Amounts(printed_rounds=1, joined_rounds=1, composed=4)


def make_small(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    """One process, and a handful of lines in place of hundreds."""
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr(module, "CACHE", cache)
    for name, count in (("NO_WRITING", 2), ("HELD_OUT", 6)):
        monkeypatch.setattr(module, name, count)
    for name, count in (("LAGS", 4), ("SCRIBBLES", 4)):
        monkeypatch.setattr(reader_settings, name, count)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Settings, bool]:
    data_dir = write_data(tmp_path_factory.mktemp("data"), "training", "validation")
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as monkeypatch:
        make_small(monkeypatch, tmp_path_factory.mktemp("cache"))
        settings, is_interrupted = train_reader(RECIPE, data_dir, folder, amounts=FEW, device="cpu")
    return folder, settings, is_interrupted


Trained = tuple[Path, Settings, bool]


def test_a_training_leaves_three_files_that_a_reader_takes(trained: Trained) -> None:
    folder, settings, is_interrupted = trained

    reader = Reader.load(folder=folder)

    assert not is_interrupted
    assert reader.settings == settings == read_settings(folder / SETTINGS)
    assert reader.classes == CLASSES
    assert reader.read(strokes=write("HAT")).text


def test_its_cards_say_whose_data_it_learnt_from(trained: Trained) -> None:
    folder, settings, _ = trained

    for name, version in ((STRIP, settings.strip_version), (PATH, settings.path_version)):
        card = read_graph(folder / name)[1]
        assert card == read_tensors((folder / name).with_suffix(".safetensors"))[1]
        assert card.version == version
        assert card.seed == RECIPE.seed
        assert card.attribution


def test_what_it_reached_is_told_by_way_and_by_kind(trained: Trained) -> None:
    settings = trained[1]

    for way in ("strokes", "pictures"):
        for name in ("printed", "composed"):
            assert 0 <= settings.metrics[f"{way}/{name}/exact"] <= 1
            assert f"{name}, by {way}" in format_settings(settings)
    assert 0 <= settings.metrics["scribbles_refused"] <= 1
    assert -0.5 <= settings.strip_lag <= 0.5
    assert -0.5 <= settings.path_lag <= 0.5


def test_without_lines_to_learn_from_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_small(monkeypatch, tmp_path / "cache")

    with pytest.raises(DatasetError, match="there is nothing to learn writing from"):
        train_reader(RECIPE, tmp_path, tmp_path / "weights", amounts=FEW)

    assert not (tmp_path / "weights").exists()


def test_without_validation_sites_nothing_is_trained_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_small(monkeypatch, tmp_path / "cache")
    monkeypatch.setattr(module, "learn", None)  # who trains, fails
    data_dir = write_data(tmp_path, "training")

    with pytest.raises(DatasetError, match="no writing of the validation sites"):
        train_reader(RECIPE, data_dir, tmp_path / "weights", amounts=FEW)


def test_some_of_what_is_learnt_is_no_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    some = with_no_writing(samples("HAT", "41"), RECIPE)

    assert some.texts == ["HAT", "41", NO_WRITING]


def test_calibration_is_perfect_where_confidence_is_what_comes_of_it() -> None:
    sure = np.full(10, 0.6)

    assert calibration_error(sure, np.arange(10) < 6) == pytest.approx(0, abs=1e-6)
    assert calibration_error(sure, np.arange(10) < 2) == pytest.approx(0.4)


def test_lags_are_within_a_character_and_none_where_nobody_told_characters_apart() -> None:
    reader = Reader.load()

    by_strip, by_path = measure_lags(reader, [line("HAT"), line("1724")])

    assert -0.5 <= by_strip <= 0.5
    assert -0.5 <= by_path <= 0.5
    assert (by_strip, by_path) != (0.0, 0.0)
    assert measure_lags(reader, [line("HAT", characters=None)]) == (0.0, 0.0)
    assert measure_lags(reader, [line("HAT MAN")]) == (0.0, 0.0)


def test_the_classes_are_the_characters_that_are_read_elsewhere() -> None:
    assert "".join(CLASSES[1:-2]) == CHARACTERS
