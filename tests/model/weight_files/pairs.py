"""Files of weights for tests: shipped ones, with whatever a test wants to be otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from model.weight_files.card import Card
from model.weight_files.graph import read_graph
from model.weight_files.pair import write_pair
from model.weight_files.places import BASELINE_WEIGHTS, pair_of
from model.weight_files.tensors import read_tensors


def graph_of(weights: Path) -> bytes:
    """Return the graph of shipped weights: nothing has to be exported for a test."""
    return read_graph(pair_of(weights).graph)[0]


def write_like(path: Path, weights: Path = BASELINE_WEIGHTS, **changes: Any) -> Card:
    """Write both files of shipped weights at another place, with changes to the card; return it."""
    tensors, card = read_tensors(weights)
    card = replace(card, **changes)
    write_pair(path, tensors, graph_of(weights), card)
    return card
