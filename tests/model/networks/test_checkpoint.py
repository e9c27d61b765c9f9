from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from environment import ROOT
from model import Recogniser, export
from model.errors import BadWeights
from model.networks.checkpoint import load_weights, save_weights
from model.networks.registry import BASELINE, build_network
from model.weight_files.card import Card
from model.weight_files.places import BASELINE_WEIGHTS, pair_of
from model.weight_files.tensors import complete, read_tensors, to_safetensors
from tests.model.networks.cards import CARD
from tests.model.weight_files.pairs import write_like


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return build_network(BASELINE)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, network: torch.nn.Module) -> tuple[Path, Card]:
    path = tmp_path_factory.mktemp("weights") / "deep" / "weights.safetensors"
    return path, save_weights(path, network, CARD)


def test_weights_and_card_come_back_as_they_were_saved(
    saved: tuple[Path, Card], network: torch.nn.Module
) -> None:
    path, card = saved

    loaded, loaded_card = load_weights(path)

    assert loaded_card == card
    assert card.parameters == sum(p.numel() for p in network.parameters())
    assert not loaded.training
    for name, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor), name


def test_weights_leave_as_two_files_that_belong_together(saved: tuple[Path, Card]) -> None:
    path, card = saved

    assert {file.name for file in path.parent.iterdir()} == {
        "weights.onnx",
        "weights.safetensors",
    }
    assert Recogniser.load(path).card == Recogniser.load(path.with_suffix(".onnx")).card == card


def test_the_same_weights_and_card_make_the_same_files(
    saved: tuple[Path, Card], tmp_path: Path
) -> None:
    path, _ = saved
    network, card = load_weights(path)

    save_weights(tmp_path / "again.onnx", network, card)  # either name will do

    for one, other in zip(pair_of(path), pair_of(tmp_path / "again.onnx"), strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_the_command_makes_the_very_graph_that_training_leaves(
    saved: tuple[Path, Card], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, card = saved
    (tmp_path / "w.safetensors").write_bytes(path.read_bytes())

    status = export.main([str(tmp_path / "w.safetensors")])

    assert status == 0
    assert card.version in capsys.readouterr().out
    made = (tmp_path / "w.onnx").read_bytes()
    assert made == path.with_suffix(".onnx").read_bytes()


def test_weights_that_cannot_be_exported_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = export.main([str(tmp_path / "missing.safetensors")])

    assert status == 1
    assert "no weights at" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "changes",
    [{"classes": tuple(map(str, range(12)))}, {"architecture": "seven-block"}],
)
def test_a_card_that_does_not_fit_the_network_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    tensors, card = read_tensors(BASELINE_WEIGHTS)
    card = complete(replace(card, **changes), tensors)  # type: ignore[arg-type]
    (tmp_path / "w.safetensors").write_bytes(to_safetensors(tensors, card))

    with pytest.raises(BadWeights, match="does not fit"):
        load_weights(tmp_path / "w.safetensors")


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    path, tensors = tmp_path / "w.safetensors", {"layer": np.zeros(3)}
    path.write_bytes(to_safetensors(tensors, complete(CARD, tensors)))

    with pytest.raises(BadWeights, match=r"does not fit.*other layers now.*train anew") as refusal:
        load_weights(path)
    assert len(str(refusal.value).removeprefix(str(path))) < 250


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    path, (tensors, card) = tmp_path / "w.safetensors", read_tensors(BASELINE_WEIGHTS)
    broken = dict(tensors)
    broken["blocks.0.0.bias"] = np.full_like(broken["blocks.0.0.bias"], np.nan)
    path.write_bytes(to_safetensors(broken, complete(card, broken)))

    with pytest.raises(BadWeights, match="not finite"):
        load_weights(path)


def test_tensors_can_be_loaded_by_the_graphs_name(tmp_path: Path) -> None:
    card = write_like(tmp_path / "w.safetensors")

    assert load_weights(tmp_path / "w.onnx")[1] == card


def test_predicting_needs_neither_torch_nor_trainer_nor_database_nor_widgets() -> None:
    code = (
        "import sys, model.predict; model.predict.Recogniser.load();"
        "print(*{'torch', 'onnx', 'onnxscript', 'torchvision', 'captum', 'sklearn', 'matplotlib',"
        " 'sqlalchemy', 'streamlit', 'pandas'} & set(sys.modules))"
    )

    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert loaded.split() == []
