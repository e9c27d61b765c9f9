"""Command line: `python -m model.export FILE.safetensors` makes FILE.onnx, which predicts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model.errors import WeightsError
from model.weight_files.pair import write_graph
from model.weight_files.places import pair_of

DONE, FAILED = 0, 1  # exit statuses; 2, from argparse, is bad usage


def main(argv: Sequence[str] | None = None) -> int:
    """Export the weights that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.export",
        description="Make the .onnx of weights that predicts, beside their .safetensors.",
        epilog="Exit status: 0 all were made, 1 some were not, 2 bad usage.",
    )
    parser.add_argument(
        "weights", nargs="+", type=Path, metavar="FILE", help="weights: NAME.safetensors"
    )
    options = parser.parse_args(argv)
    try:
        from model.networks.checkpoint import load_weights
        from model.networks.onnx_export import export_graph
    except ImportError as error:
        print(f"{error}: run `pip install -r requirements.txt`", file=sys.stderr)
        return FAILED
    status = DONE
    for path in options.weights:
        files = pair_of(path)
        try:
            network, card = load_weights(files.tensors)
            write_graph(path, export_graph(network, card), card)
        except (WeightsError, ImportError) as error:
            print(error, file=sys.stderr)
            status = FAILED
        else:
            print(f"{files.graph} predicts what {card.version} says")
    return status


if __name__ == "__main__":
    sys.exit(main())
