from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from environment import ROOT
from model import Recogniser
from model.ink.preprocess import prepare
from model.networks.checkpoint import DEFAULT_WEIGHTS
from model.reading.attention import AttentionUnavailable, attend
from tests.model.ink.sketches import sketch
from tests.model.networks.cards import CARD


class CornerNetwork(nn.Module):
    """Says 3 for ink in the upper left quarter, and sees nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.ReLU(inplace=True))
        nn.init.constant_(self.look[0].weight, 1 / 9)
        nn.init.constant_(self.look[0].bias, 0.5)
        corner = torch.zeros(28, 28)
        corner[:14, :14] = 1
        self.register_buffer("corner", corner)

    def forward(self, images: Tensor) -> Tensor:
        seen = (self.look(images) * self.corner).flatten(1).sum(dim=1)
        return torch.stack([seen if digit == 3 else 0 * seen for digit in range(10)], dim=1)


class CornerConvolution(nn.Module):
    """Says 3 for ink in the upper left quarter: its convolution lets nothing else through."""

    def __init__(self, sign: float = 1.0) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 1, 1, bias=False)
        self.last = nn.Conv2d(1, 1, 1, bias=False)
        nn.init.ones_(self.first.weight)
        nn.init.constant_(self.last.weight, sign)
        self.squeeze = nn.Conv2d(1, 10, 1, bias=False)  # sees one number: not where anybody looks
        nn.init.zeros_(self.squeeze.weight)
        with torch.no_grad():
            self.squeeze.weight[3] = sign
        corner = torch.zeros(28, 28)
        corner[:14, :14] = 1
        self.register_buffer("corner", corner)

    def forward(self, images: Tensor) -> Tensor:
        inked = torch.relu(self.first(images)) * self.corner
        pooled = self.last(inked).mean(dim=(2, 3), keepdim=True)
        return self.squeeze(pooled).flatten(1)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load(DEFAULT_WEIGHTS)


@pytest.fixture(scope="module")
def seven() -> np.ndarray:
    return prepare(sketch())


def test_the_heat_is_a_share_for_every_pixel(recogniser: Recogniser, seven: np.ndarray) -> None:
    heat = attend(recogniser, seven)

    assert (heat.shape, heat.dtype) == ((28, 28), np.float32)
    assert heat.min() >= 0
    assert heat.max() == pytest.approx(1)
    assert heat.std() > 0.05


def test_the_heat_lies_where_the_network_looks() -> None:
    ink = np.full((28, 28), 200, np.uint8)

    heat = attend(Recogniser(CornerConvolution(), CARD), ink)

    assert heat[:13, :13].min() > 0.9
    assert heat[15:].max() == heat[:, 15:].max() == 0


class WithoutPadding(nn.Module):
    """Says 3 for ink near the upper left corner, and has no maps of the outermost two pixels."""

    margin_px = 2

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Conv2d(1, 1, 5, bias=False)
        nn.init.constant_(self.look.weight, 1 / 25)
        corner = torch.zeros(24, 24)
        corner[:6, :6] = 1
        self.register_buffer("corner", corner)
        self.last = nn.Conv2d(1, 1, 1, bias=False)
        nn.init.ones_(self.last.weight)

    def forward(self, images: Tensor) -> Tensor:
        seen = self.last(self.look(images) * self.corner).sum(dim=(1, 2, 3))
        return torch.stack([seen if digit == 3 else 0 * seen for digit in range(10)], dim=1)


def test_the_heat_lies_there_too_where_maps_are_smaller_than_the_picture() -> None:
    heat = attend(Recogniser(WithoutPadding(), CARD), np.full((28, 28), 200, np.uint8))

    assert heat[:8, :8].min() == pytest.approx(1)
    assert heat[8:].max() == heat[:, 8:].max() == 0


def test_what_speaks_against_the_class_is_no_heat() -> None:
    ink = np.full((28, 28), 200, np.uint8)

    # Ink speaks against 3 here, so that 0, the first of nine equals, is read for no reason at all.
    heat = attend(Recogniser(Against(), CARD), ink)

    assert (heat == 0).all()


class Against(nn.Module):
    """Says "not 3" for ink, and nothing for any other digit."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Conv2d(1, 1, 3, padding=1, bias=False)
        nn.init.constant_(self.look.weight, 1 / 9)

    def forward(self, images: Tensor) -> Tensor:
        seen = torch.relu(self.look(images)).sum(dim=(1, 2, 3))
        return torch.stack([-seen if digit == 3 else 0 * seen for digit in range(10)], dim=1)


def test_a_network_that_overwrites_its_layers_can_be_looked_into() -> None:
    ink = np.full((28, 28), 200, np.uint8)
    network = CornerNetwork()

    heat = attend(Recogniser(network, CARD), ink)

    assert heat.max() == 1
    assert network.look[1].inplace


def test_a_network_without_a_convolution_is_named() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))

    with pytest.raises(AttentionUnavailable, match="no convolution"):
        attend(Recogniser(network, CARD), np.full((28, 28), 200, np.uint8))


def test_looking_leaves_the_network_as_it_was(recogniser: Recogniser, seven: np.ndarray) -> None:
    network = recogniser._network
    before = {name: value.clone() for name, value in network.state_dict().items()}
    asked_before = [parameter.requires_grad for parameter in network.parameters()]

    attend(recogniser, seven)

    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())
    assert [parameter.requires_grad for parameter in network.parameters()] == asked_before
    assert not any(module._forward_hooks for module in network.modules())


def test_predictions_are_the_same_while_others_look(recogniser: Recogniser) -> None:
    inks = np.stack([prepare(sketch(scale=0.8 + i / 20)) for i in range(4)])
    alone = [recogniser.probabilities(ink[None]) for ink in inks]
    heats = [attend(recogniser, ink) for ink in inks]
    differing: list[str] = []

    def predict() -> None:
        for _ in range(30):
            for ink, expected in zip(inks, alone, strict=True):
                if not np.array_equal(recogniser.probabilities(ink[None]), expected):
                    differing.append("probabilities")

    def look() -> None:
        for ink, expected in zip(inks, heats, strict=True):
            if not np.allclose(attend(recogniser, ink), expected, atol=1e-5):
                differing.append("heat")

    threads = [threading.Thread(target=work) for work in (predict, look, predict, look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert differing == []


def test_captum_is_loaded_by_whoever_asks_and_by_nobody_else() -> None:
    code = """
import sys
sys.path.insert(0, "streamlit")
import drawing.result_card, drawing.explanation, drawing.question, shell
import model.reading.attention, model.predict
print(*{"captum", "matplotlib"} & set(sys.modules))
"""
    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert loaded.split() == []
