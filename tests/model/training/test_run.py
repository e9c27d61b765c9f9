from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.networks.checkpoint import load_weights
from model.networks.registry import SIX_CONVOLUTIONS
from model.pen.attribution import MNIST, PENDIGITS, UNIPEN
from model.training import options, run
from model.training.options import Mixture, TrainingOptions
from model.weight_files.card import Card
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist

SEVEN = [[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]]
MARK = [[[0, 60, 120, 180, 240], [0, 200, 20, 200, 0]]]
ROWS = [
    *[("7", "syn", SEVEN)] * 3,
    *[("w", "syn", MARK), ("7", "apa", SEVEN), ("7", "ibm", SEVEN), ("A", "syn", MARK)],
]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The recipe with a handful of images in place of tens of thousands."""
    recipe = replace(
        options.RECIPES[SIX_CONVOLUTIONS],
        mixture=Mixture(scans=60, strokes=40),
        branch_mixture=Mixture(scans=10, strokes=10, letters=10, scribbles=10),
    )
    monkeypatch.setitem(options.RECIPES, SIX_CONVOLUTIONS, recipe)
    monkeypatch.setattr(run, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(run, "ROUNDS", 2)
    monkeypatch.setattr(run, "LETTER_ROUNDS", 3)
    monkeypatch.setattr(run, "SCRIBBLES", 12)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    write_as_mnist(folder, scanned_digits())
    rows = [
        {"word": word, "source": site, "writer": "1", "drawing": strokes}
        for word, site, strokes in ROWS
    ]
    (folder / "pen").mkdir()
    content = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    (folder / "pen" / "some.ndjson.gz").write_bytes(content)
    return folder


def trained(data_dir: Path, folder: Path) -> Card:
    run.train(TrainingOptions(epochs=1), data_dir, folder / "w.safetensors", folder)
    return load_weights(folder / "w.safetensors")[1]


def test_the_shipped_recipe_learns_from_scans_strokes_letters_and_scribbles(
    data_dir: Path, tmp_path: Path
) -> None:
    card = trained(data_dir, tmp_path)

    # 1,497 scans, a tenth of them to validate; three drawings twice, one allowed letter thrice.
    assert card.training_data == {
        "MNIST": 1347,
        "pen digits": 6,
        "letters": 3,
        "scribbles": 12,
    }
    assert card.digit_threshold is not None
    assert card.attribution == (MNIST, UNIPEN, PENDIGITS)
    assert {"MNIST accuracy", "pen accuracy"} <= card.metrics.keys()
    history = json.loads((tmp_path / "history.json").read_text())
    assert history["digit_threshold"] == card.digit_threshold
    assert history["training_images"] == 100
    assert history["validation_images"] == 150 + 1


def test_weights_of_an_interrupted_training_refuse_nothing_and_it_says_so(
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.training.loop.train_branch_epoch", stop)
    card = trained(data_dir, tmp_path)

    assert card.digit_threshold is None
    assert "do not refuse" in capsys.readouterr().err


def test_without_pen_strokes_scans_and_scribbles_do_and_it_says_so(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_dir / "pen" / "some.ndjson.gz").unlink()

    card = trained(data_dir, tmp_path)

    assert "no pen strokes" in capsys.readouterr().err
    assert card.training_data["pen digits"] == card.training_data["letters"] == 0
    assert card.training_data["scribbles"] == 12
    assert card.attribution == (MNIST,)
    assert card.digit_threshold is not None
    assert "accuracy" in card.metrics
