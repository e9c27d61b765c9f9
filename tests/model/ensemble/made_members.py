"""Members made without any training: graphs that say what they are told."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from model.ensemble.manifest import Manifest
from model.ensemble.member_card import MemberCard
from model.ensemble.voting import Vote
from model.tuning.members_folder import write_members


def a_graph(digit: int) -> bytes:
    """Return a graph that reads any image as one digit, 0.82 sure."""
    row = np.full((1, 10), 0.02, np.float32)
    row[0, digit] = 0.82
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["ink"], ["levels"], to=TensorProto.FLOAT),
            helper.make_node("MatMul", ["levels", "nothing"], ["zeros"]),
            helper.make_node("Add", ["zeros", "row"], ["probabilities"]),
        ],
        "made",
        [helper.make_tensor_value_info("ink", TensorProto.UINT8, [None, 784])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 10])],
        [
            numpy_helper.from_array(np.zeros((784, 10), np.float32), "nothing"),
            numpy_helper.from_array(row, "row"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return bytes(model.SerializeToString())


def a_card(name: str, graph: bytes) -> MemberCard:
    """Return a card for a graph."""
    return MemberCard(
        name=name, digest=sha256(graph).hexdigest(), best_params={"C": 10}, fixed={},
        grid={"C": [1, 10]}, cv=3, searched_on=200, training_data={"MNIST": 270},
        attribution=(), seed=0, temperature=1.0, accuracy=0.9, test_accuracy=0.91, test_loss=0.3,
        roc_auc_score=0.99, recall=0.9, search_s=1.0, training_s=2.0, bytes=len(graph),
    )  # fmt: skip


def figures(accuracy: float) -> dict[str, Any]:
    """Return what a report says of one reader."""
    part = {
        "images": 60, "correct": round(accuracy * 60), "accuracy": accuracy, "loss": 0.3,
        "expected_calibration_error": 0.01, "macro_f1": accuracy, "recall": accuracy,
        "roc_auc": 0.99,
    }  # fmt: skip
    costs = {"ms_for_one": 0.1, "megabytes": 1.5, "search_s": 3.0, "training_s": 120.0}
    return {"mnist": part, "drawn": part, **costs}


def a_report(best: str = "vote") -> dict[str, Any]:
    """Return a report of two members."""
    confusion = {
        "wrong": {"rf": 9, "svm": 6},
        "rescued": {"rf": {"svm": 2}, "svm": {"rf": 5}},
        "nobody": 4,
    }
    model = {"best_params": {"C": 10, "max_depth": None}, "accuracy": 0.9}
    return {
        "request": {"subset": 200, "seed": 0, "small": False},
        "training_data": {"MNIST": 270, "pen digits": 60},
        "models": {"best_model": {"name": "svm", **model}, "rf": model, "svm": model},
        "best": best,
        "vote": {"weights": {"rf": 0.25, "svm": 0.75}, "temperature": 1.0},
        "readers": {"rf": figures(0.85), "svm": figures(0.9), "vote": figures(0.91)},
        "right_where_wrong": {"mnist": confusion, "drawn": confusion},
        "megabytes": 3.0,
        "seconds": 90.0,
    }


def write_two(folder: Path, *, rf: int = 3, svm: int = 5, best: str = "vote") -> Manifest:
    """Leave two members that read any image as a digit each, and their vote."""
    graphs = {"rf": a_graph(rf), "svm": a_graph(svm)}
    cards = {name: a_card(name, graph) for name, graph in graphs.items()}
    manifest = Manifest(
        "2026-01-02T03:04:05+00:00",
        {name: card.version for name, card in cards.items()},
        Vote({"rf": 0.25, "svm": 0.75}, 1.0),
        best,
        "svm",
        a_report(best),
    )
    write_members(folder, manifest, cards, graphs)
    return manifest
