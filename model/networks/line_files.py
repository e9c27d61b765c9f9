"""Line networks to files of weights: their tensors, and a graph for lines of any length."""

from __future__ import annotations

import io
import logging
import warnings
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from model.networks.line_networks import HEIGHT_PX, PATH_FEATURES, StripNetwork
from model.networks.onnx_export import OPSET, without_origin
from model.networks.registry import count_parameters, fuse
from model.weight_files.card import Card
from model.weight_files.pair import write_pair
from model.weight_files.tensors import complete


class _LogShares(nn.Module):
    """A line network whose result is what decoding takes."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, line: Tensor) -> Tensor:
        logits: Tensor = self.network(line)
        return logits


def export_line_graph(network: nn.Module) -> bytes:
    """Return a line network as an ONNX model; the same one, the same bytes.

    Its input: `line`, float32 (1, 1, 40, W) or (1, T, 11); its output: `logits`, float32
    (1, rows, labels).
    """
    is_strip = isinstance(network, StripNetwork)
    shape = (1, 1, HEIGHT_PX, 96) if is_strip else (1, 96, PATH_FEATURES)
    along = torch.export.Dim("along", min=8, max=8192)
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), torch.no_grad():
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            _LogShares(fuse(network.cpu().eval())),
            (torch.zeros(shape),),
            dynamo=True,
            opset_version=OPSET,
            input_names=["line"],
            output_names=["logits"],
            dynamic_shapes=({3 if is_strip else 1: along},),
            verbose=False,
        )
    assert program is not None
    return without_origin(program.model_proto)


def save_line_weights(path: Path, network: nn.Module, card: Card) -> Card:
    """Write both files of a line network's weights, or neither; return the completed card.

    Raises WeightsError, leaving older files as they were, when one cannot be written.
    """
    tensors = {
        name: tensor.detach().cpu().contiguous().numpy()
        for name, tensor in network.state_dict().items()
    }
    completed = replace(complete(card, tensors), parameters=count_parameters(network))
    write_pair(path, tensors, export_line_graph(network), completed)
    return completed
