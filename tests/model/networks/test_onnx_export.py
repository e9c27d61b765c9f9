"""An exported graph says what its network says, and shows where it looked as Captum does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from captum.attr import LayerGradCam
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from model.ink.preprocess import prepare, to_input
from model.networks.checkpoint import load_weights
from model.networks.onnx_export import export_graph
from model.networks.seen import Seen
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from tests.model.ink.sketches import sketch
from tests.model.networks.cards import CARD
from tests.model.weight_files.pairs import graph_of

SHIPPED = [DEFAULT_WEIGHTS, BASELINE_WEIGHTS]
CHANCE = np.random.default_rng(0)
INKS = np.stack(
    [prepare(sketch(scale=0.7 + i / 8, width=6 + 3 * i)) for i in range(6)]
    + [prepare(CHANCE.integers(0, 2, (28, 28), dtype=np.uint8) * 255) for _ in range(4)]
)


def run(graph: bytes, inks: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    results: list[NDArray[np.float32]] = session.run(
        ["logits", "features", "heat"], {"images": to_input(inks)}
    )
    return results


@pytest.mark.parametrize("weights", SHIPPED)
def test_the_shipped_graphs_say_what_their_tensors_say(weights: Path) -> None:
    network, _ = load_weights(weights)
    images = torch.from_numpy(to_input(INKS))

    logits, features, _ = run(graph_of(weights), INKS)

    with torch.no_grad():
        assert np.allclose(logits, network(images), atol=1e-4)
        assert np.allclose(features, network.features(images), atol=1e-4)  # type: ignore[operator]


@pytest.mark.parametrize("weights", SHIPPED)
def test_the_shipped_graphs_look_where_captum_says_they_do(weights: Path) -> None:
    network, _ = load_weights(weights)
    layer = network.shapes if weights == DEFAULT_WEIGHTS else network.blocks
    margin = 2 if weights == DEFAULT_WEIGHTS else 0
    images = torch.from_numpy(to_input(INKS)).requires_grad_()

    logits, _, heat = run(graph_of(weights), INKS)

    likeliest = logits[:, :10].argmax(axis=1).tolist()
    wanted = LayerGradCam(network, layer).attribute(
        images, target=likeliest, relu_attributions=True
    )
    side = 28 - 2 * margin
    wanted = functional.interpolate(wanted.detach(), (side, side), mode="bilinear")
    wanted = functional.pad(wanted, [margin] * 4, mode="replicate")[:, 0]
    wanted /= wanted.amax(dim=(1, 2), keepdim=True)
    assert np.allclose(heat, wanted, atol=1e-3)
    assert heat.max(axis=(1, 2)) == pytest.approx(1)


@pytest.mark.parametrize("count", [0, 1, 2, 33])
def test_any_number_of_images_goes_through_at_once(count: int) -> None:
    inks = INKS[np.arange(count) % len(INKS)]

    results = run(graph_of(BASELINE_WEIGHTS), inks)

    assert [part.shape for part in results] == [(count, 10), (count, 64), (count, 28, 28)]


class CornerNetwork(nn.Module):
    """Says 3 for ink in the upper left quarter, or against it, and sees nothing else."""

    margin_px = 2

    def __init__(self, sign: float) -> None:
        super().__init__()
        self.look = nn.Conv2d(1, 1, 5, bias=False)
        nn.init.constant_(self.look.weight, 1 / 25)
        corner = torch.zeros(24, 24)
        corner[:10, :10] = 1
        self.register_buffer("corner", corner)
        self.head = nn.Linear(1, 10, bias=False)
        nn.init.zeros_(self.head.weight)
        with torch.no_grad():
            self.head.weight[3] = sign

    def see(self, images: Tensor) -> Seen:
        maps = self.look(images) * self.corner
        features = maps.mean(dim=(2, 3))
        logits = self.head(features)
        return Seen(logits, features, maps, self.head.weight[logits.argmax(dim=1)])


def test_heat_lies_where_the_network_looks_and_nowhere_where_nothing_spoke() -> None:
    ink = np.full((1, 28, 28), 200, np.uint8)

    looked, against = (run(export_graph(CornerNetwork(s), CARD), ink)[2][0] for s in (1.0, -1.0))

    assert looked[:11, :11].min() == pytest.approx(1)
    assert looked[14:].max() == looked[:, 14:].max() == 0
    # Ink speaks against 3, so that 0, the first of nine equals, is read for no reason at all.
    assert (against == 0).all()
