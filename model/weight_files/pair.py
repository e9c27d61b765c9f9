"""Both files of one set of weights: whether they belong together, and what is missing."""

from __future__ import annotations

import shlex
from pathlib import Path

from model.errors import BadWeights, WeightsNotFound
from model.weight_files.card import Card
from model.weight_files.graph import read_graph, with_card
from model.weight_files.places import exists, not_found, pair_of, write_files
from model.weight_files.tensors import Tensors, read_tensors, to_safetensors


def read_to_predict(path: Path) -> tuple[bytes, Card]:
    """Return the graph and the card of the weights at `path`, the name of either of their files.

    The `.onnx` alone is enough; where the `.safetensors` lies beside it, the two must be a pair.
    Raises WeightsNotFound or BadWeights, each with the way out.
    """
    tensors, graph = pair_of(path)
    if not exists(graph):
        if not exists(tensors):
            raise not_found(path)
        read_tensors(tensors)  # a pickle, or what is damaged, has its own sentence
        raise WeightsNotFound(
            f"{tensors} has no {graph.name} beside it, which is the file that predicts: "
            f"`{export_command(tensors)}` makes it"
        )
    content, card = read_graph(graph)
    if exists(tensors) and read_tensors(tensors)[1] != card:
        raise BadWeights(
            f"{graph} does not belong to {tensors.name} beside it: `{export_command(tensors)}` "
            "makes it anew; or point WEIGHTS at the .onnx in a folder of its own"
        )
    return content, card


def write_pair(path: Path, tensors: Tensors, graph: bytes, card: Card) -> None:
    """Write both files of a set of weights, or neither; path: of either.

    card: completed. Raises WeightsError, leaving older files as they were, when one cannot be
    written.
    """
    files = pair_of(path)
    write_files({files.tensors: to_safetensors(tensors, card), files.graph: with_card(graph, card)})


def write_graph(path: Path, graph: bytes, card: Card) -> None:
    """Write the file that predicts alone; path: of either. Raises WeightsError."""
    write_files({pair_of(path).graph: with_card(graph, card)})


def export_command(tensors: Path) -> str:
    """Return the command that makes the `.onnx` of a `.safetensors`."""
    return f"python -m model.export {shlex.quote(str(tensors))}"
