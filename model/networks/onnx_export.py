"""A trained network to an ONNX graph, which predicts without torch."""

from __future__ import annotations

import io
import logging
import warnings
from contextlib import redirect_stdout
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.networks.registry import fuse
from model.networks.seen import Network
from model.weight_files.card import Card

OPSET = 20
INPUT, OUTPUTS = "images", ("logits", "features", "heat")
SIDE_PX = 28
LEAST = 1e-30  # what heat is divided by where there is none


def export_graph(network: nn.Module, card: Card) -> bytes:
    """Return a network as an ONNX model, which needs no other file; the same one, the same bytes.

    Its input: `images`, float32 (N, 1, 28, 28), from `preprocess.to_input`. Its outputs: `logits`,
    float32 (N, classes or one more); `features`, float32 (N, features), what the last layer decides
    by; `heat`, float32 (N, 28, 28), how much each pixel spoke for the likeliest of the card's
    classes, 0 to 1, the largest being 1, and all 0 where nothing spoke for it.

    Heat is Grad-CAM (Selvaraju et al., "Grad-CAM: visual explanations from deep networks via
    gradient-based localization", 2017) of the last maps. Its slopes are written out as layers, so
    that it comes out of the same run: where nothing but a mean and a linear layer follow the maps,
    they are that layer's weights, and heat is the class activation map of Zhou et al., "Learning
    deep features for discriminative localization", 2016.
    """
    looking = _Looking(fuse(network.cpu().eval()), len(card.classes))
    images = torch.zeros(2, 1, SIDE_PX, SIDE_PX)
    # The exporter warns of its own future, and prints its progress.
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), torch.no_grad():
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            looking.eval(),
            (images,),
            dynamo=True,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=list(OUTPUTS),
            dynamic_shapes=({0: torch.export.Dim("images")},),
            verbose=False,
        )
    assert program is not None
    return without_origin(program.model_proto)


class _Looking(nn.Module):
    """A network that also says where it looked."""

    enlarge: Tensor

    def __init__(self, network: nn.Module, classes: int) -> None:
        super().__init__()
        self.network = network
        self.classes = classes
        own = cast(Network, network)
        with torch.no_grad():
            maps = own.see(torch.zeros(1, 1, SIDE_PX, SIDE_PX)).maps
        self.register_buffer("enlarge", _enlargement(maps.shape[2], maps.shape[3], own.margin_px))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits, features, maps, influence = cast(Network, self.network).see(images)
        spoke = torch.relu((maps.flatten(2) * influence[:, :, None]).sum(dim=1))  # (N, H * W)
        heat = spoke @ self.enlarge  # (N, 784)
        heat = heat / heat.amax(dim=1, keepdim=True).clamp(min=LEAST)
        return logits, features, heat.view(-1, SIDE_PX, SIDE_PX)


def _enlargement(height: int, width: int, margin_px: int) -> Tensor:
    """Return what makes 28 × 28 pixels of a map: float32 (height * width, 784).

    Bilinear between the middles of what the map's places look at; the margin around them is filled
    with what is nearest.
    """
    units = torch.eye(height * width).view(-1, 1, height, width)
    inside = SIDE_PX - 2 * margin_px
    large = functional.interpolate(units, (inside, inside), mode="bilinear", align_corners=False)
    return functional.pad(large, [margin_px] * 4, mode="replicate").flatten(1)


def without_origin(model: Any) -> bytes:
    """Return an exported model without what tells of the machine that exported it.

    Names of files, lines of code and the exporter's version would make other bytes elsewhere.
    """
    model.producer_name, model.producer_version, model.doc_string = "inkling", "", ""
    del model.metadata_props[:]
    graph = model.graph
    del graph.metadata_props[:]
    del graph.value_info[:]  # shapes in between, which whoever runs it finds by itself
    for part in (*graph.node, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
        part.doc_string = ""
    content: bytes = model.SerializeToString(deterministic=True)
    return content
