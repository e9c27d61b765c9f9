"""Which version Inkling ships: `python -m model.weight_files.shipped`, for who knows no weights."""

from __future__ import annotations

from model.weight_files.graph import read_graph
from model.weight_files.places import DEFAULT_WEIGHTS, pair_of


def shipped_version() -> str:
    """Return the version of the weights that are live where none were promoted; WeightsError."""
    return read_graph(pair_of(DEFAULT_WEIGHTS).graph)[1].version


if __name__ == "__main__":
    print(shipped_version())
