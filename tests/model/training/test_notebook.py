from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.networks.registry import BASELINE
from model.training.options import TrainingOptions
from model.training.run import train
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.model.tracking.heard import Heard, listening

OPTIONS = TrainingOptions(network=BASELINE, epochs=2, batch_size=64)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_as_mnist(tmp_path_factory.mktemp("data"), scanned_digits())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tracked")


@pytest.fixture(scope="module")
def heard(data_dir: Path, folder: Path) -> Heard:
    """What is told of a training."""
    tracker, heard = listening()
    with tracker, tracker.run("train", mode="train") as run:
        train(OPTIONS, data_dir, folder / "w.safetensors", folder, run=run)
    return heard


def metrics(heard: Heard, step: int) -> dict[str, float]:
    """All figures that are told of an epoch, or with 0 of the whole."""
    told: dict[str, float] = {}
    for message in heard.of("metrics"):
        told |= message["values"] if message["step"] == step else {}
    return told


def test_each_epoch_is_told_at_once_under_the_names_that_dashboards_know(
    heard: Heard, folder: Path
) -> None:
    epochs = [message for message in heard.of("metrics") if message["step"]]
    records = json.loads((folder / "history.json").read_text())["epochs"]

    assert [message["step"] for message in epochs] == [1, 2]
    names = {"train_loss", "train_accuracy", "validation_accuracy", "validation_f1"}
    for message, record in zip(epochs, records, strict=True):
        for name in names | {"learning_rate"}:
            assert message["values"][name] == record[name]


def test_the_best_figures_are_told_at_the_end(heard: Heard, folder: Path) -> None:
    history = json.loads((folder / "history.json").read_text())
    best = history["epochs"][history["best_epoch"] - 1]

    told = metrics(heard, 0)

    assert told["best_epoch"] == history["best_epoch"]
    assert told["best_validation_accuracy"] == best["validation_accuracy"]
    assert told["best_validation_f1"] == best["validation_f1"]
    assert told["final/accuracy"] == history["validation"]["accuracy"]


def test_all_options_the_recipe_and_what_was_read_are_told(heard: Heard, data_dir: Path) -> None:
    (options,) = heard.of("options")
    (data,) = heard.of("data")

    assert options["values"]["epochs"] == "2"
    assert options["values"]["recipe.weight_decay"] == "0.001"
    assert options["values"]["data_dir"] == str(data_dir)
    assert data["values"].keys() == {
        "MNIST/raw/train-images-idx3-ubyte",
        "MNIST/raw/train-labels-idx1-ubyte",
    }
    assert all(len(digest) == 64 for digest in data["values"].values())


def test_code_and_machine_are_told(heard: Heard) -> None:
    tags = {
        name: value for message in heard.of("tags") for name, value in message["values"].items()
    }

    assert tags["version"] == "0.1.0"
    assert {"machine.processor", "machine.cores", "package.torch", "weights.digest"} <= tags.keys()


def test_weights_their_card_and_figures_are_told(heard: Heard) -> None:
    files = {Path(path).name: m["folder"] for m in heard.of("files") for path in m["values"]}
    (card,) = heard.of("text")

    assert files == {
        "w.safetensors": "weights",
        "w.onnx": "weights",
        "history.json": "figures",
        "training_history.png": "figures",
    }
    assert card["name"] == "weights/card.json"
    assert json.loads(card["content"])["architecture"] == BASELINE


def test_a_training_comes_out_the_same_tracked_and_untracked(
    heard: Heard, data_dir: Path, folder: Path, tmp_path: Path
) -> None:
    train(OPTIONS, data_dir, tmp_path / "w.safetensors", tmp_path)

    for name in ("w.safetensors", "w.onnx"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_an_interrupted_training_is_told_as_killed_and_a_resumed_one_with_all_its_epochs(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker, heard = listening()
    weights = tmp_path / "w.safetensors"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with tracker.run("train") as run, monkeypatch.context() as patched:
        patched.setattr(run, "epoch", stop)
        train(OPTIONS, data_dir, weights, tmp_path, run=run)
    with tracker.run("train") as run:
        train(OPTIONS, data_dir, weights, tmp_path, resume=True, run=run)

    assert [message["status"] for message in heard.of("end")] == ["KILLED", "FINISHED"]
    last = heard.of("end")[-1]["run"]
    assert [m["step"] for m in heard.of("metrics", last) if m["step"]] == [1, 2]
