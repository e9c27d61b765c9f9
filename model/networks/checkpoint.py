"""Networks to files of weights and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from model.errors import BadWeights
from model.networks.onnx_export import export_graph
from model.networks.registry import READERS, build_network, count_parameters
from model.weight_files.card import Card
from model.weight_files.pair import write_pair
from model.weight_files.places import pair_of
from model.weight_files.tensors import complete, read_tensors


def save_weights(path: Path, network: nn.Module, card: Card) -> Card:
    """Write both files of the weights, whole or not at all; return the completed card.

    path: of either file. The same weights and card make the same bytes.
    Raises WeightsError, leaving older files as they were, when one cannot be written.
    """
    tensors = {
        name: tensor.detach().cpu().contiguous().numpy()
        for name, tensor in network.state_dict().items()
    }
    completed = replace(complete(card, tensors), parameters=count_parameters(network))
    write_pair(path, tensors, export_graph(network, completed), completed)
    return completed


def load_weights(path: Path) -> tuple[nn.Module, Card]:
    """Return a network on the CPU, in evaluation mode, and its card; path: of either file.

    Raises WeightsNotFound where there is no file, BadWeights for pickles (never opened), truncated,
    damaged and foreign files, and weights that do not fit the network they name.
    """
    path = pair_of(path).tensors
    arrays, card = read_tensors(path)
    tensors = {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
    try:
        network = build_network(card.architecture)
        _check_layers(network, card.architecture, tensors)
        network.load_state_dict(tensors)
        _check_classes(network, card)
    except (ValueError, RuntimeError) as error:
        raise BadWeights(f"{path} does not fit this version of Inkling: {error}") from error
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        raise BadWeights(f"{path} holds numbers that are not finite: train again")
    return network.eval(), card


def _check_layers(network: nn.Module, name: str, tensors: Mapping[str, torch.Tensor]) -> None:
    """Raise ValueError where weights are of other layers; torch would list every one of them."""
    wanted = {key: tensor.shape for key, tensor in network.state_dict().items()}
    found = {key: tensor.shape for key, tensor in tensors.items()}
    different = [key for key in wanted | found if wanted.get(key) != found.get(key)]
    if different:
        option = "--dataset" if name in READERS else "--network"
        raise ValueError(
            f"{name} has other layers now ({different[0]}, for one); train anew with `python "
            f"run_model.py --mode train {option} {name}`, or point WEIGHTS at other weights"
        )


def _check_classes(network: nn.Module, card: Card) -> None:
    """Raise ValueError where the card names more classes than the network tells apart."""
    with torch.inference_mode():
        logits = network.eval()(torch.zeros(1, 1, 28, 28)).shape[1]
    if logits - len(card.classes) not in (0, 1):  # 1: what is no digit
        raise ValueError(f"it tells {logits} classes apart, and its card names {card.classes}")
