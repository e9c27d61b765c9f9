from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from model.line_training.spelling import CLASSES
from model.networks.line_files import export_line_graph, save_line_weights
from model.networks.line_networks import (
    HEIGHT_PX,
    LABELS,
    PATH_FEATURES,
    PathNetwork,
    StripNetwork,
)
from model.weight_files.card import Card
from model.weight_files.graph import read_graph
from model.weight_files.tensors import read_tensors

NETWORKS = {"strip": StripNetwork, "path": PathNetwork}
CARD = Card(
    architecture="strip", classes=CLASSES, mean=0.0, std=1.0, temperature=1.0, sure_threshold=1.0,
    training_data={"written lines": 2}, seed=1, epochs=1, metrics={},
)  # fmt: skip


def network_of(kind: str) -> nn.Module:
    """Return a small network whose running means are not those that it began with."""
    torch.manual_seed(0)
    network = NETWORKS[kind](width=16)
    network.train()(line(kind, 64))
    return network.eval()


def line(kind: str, length: int) -> torch.Tensor:
    shape = (1, 1, HEIGHT_PX, length) if kind == "strip" else (1, length, PATH_FEATURES)
    return torch.rand(shape, generator=torch.Generator().manual_seed(length))


@pytest.fixture(scope="module", params=list(NETWORKS))
def exported(request: pytest.FixtureRequest) -> tuple[str, nn.Module, bytes]:
    network = network_of(request.param)
    return request.param, network, export_line_graph(network)


Exported = tuple[str, nn.Module, bytes]


def test_the_graph_says_what_the_network_says_of_lines_of_any_length(exported: Exported) -> None:
    kind, network, graph = exported
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])

    for length in (8, 9, 31, 96, 701):
        inputs = line(kind, length)
        (logits,) = session.run(["logits"], {"line": inputs.numpy()})

        with torch.no_grad():
            wanted = network(inputs).numpy()
        rows = int(NETWORKS[kind].rows(torch.tensor([length]))[0])
        assert logits.shape == wanted.shape == (1, rows, LABELS)
        assert np.allclose(logits, wanted, atol=1e-4)


def test_the_same_network_is_the_same_bytes(exported: Exported) -> None:
    _, network, graph = exported

    assert export_line_graph(network) == graph


def test_exporting_leaves_the_network_as_it_was(exported: Exported) -> None:
    kind, network, _ = exported
    same = network_of(kind).state_dict()

    assert all(torch.equal(same[name], tensor) for name, tensor in network.state_dict().items())


def test_both_files_are_written_with_one_card(tmp_path: Path) -> None:
    network = network_of("strip")

    card = save_line_weights(tmp_path / "strip.onnx", network, CARD)

    tensors, stored = read_tensors(tmp_path / "strip.safetensors")
    assert read_graph(tmp_path / "strip.onnx")[1] == stored == card
    assert card.parameters == sum(one.numel() for one in network.parameters())
    assert set(tensors) == set(network.state_dict())


@pytest.mark.parametrize("kind", list(NETWORKS))
def test_padding_behind_a_line_changes_no_row_that_is_far_from_it(kind: str) -> None:
    network, inputs = network_of(kind), line(kind, 400)
    extra = (0, 80) if kind == "strip" else (0, 0, 0, 80)

    with torch.no_grad():
        alone, padded = network(inputs), network(nn.functional.pad(inputs, extra))

    assert torch.allclose(alone[:, :40], padded[:, :40], atol=1e-5)


def test_both_networks_together_are_small_enough() -> None:
    count = sum(p.numel() for kind in NETWORKS.values() for p in kind().parameters())

    assert count <= 2_500_000
