"""Two tuned members that know one pixel each, in a folder as a tuning leaves it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.ensemble.manifest import FILE, Manifest, manifest_to_json
from model.ensemble.member_card import MemberCard, card_to_json
from model.ensemble.voting import Vote

FIGURES = ("accuracy", "test_accuracy", "test_loss", "roc_auc_score", "recall")


def leave_members(folder: Path, *names: str, tuned_at: str = "2026-01-31T10:00:00+00:00") -> None:
    """Write members that take the brightest of an image's first ten pixels for its digit."""
    folder.mkdir(parents=True, exist_ok=True)
    report = {}
    versions = {}
    for place, name in enumerate(names):
        graph = _graph(sure=4.0 + place)
        card = MemberCard(
            name=name, digest=hashlib.sha256(graph).hexdigest(), best_params={"C": 1 + place},
            fixed={}, grid={"C": [1 + place]}, cv=2, searched_on=200,
            training_data={"MNIST": 200}, attribution=(), seed=0, temperature=1.0,
            accuracy=0.9 + place / 100, test_accuracy=0.91, test_loss=0.3, roc_auc_score=0.99,
            recall=0.9, search_s=1.0, training_s=1.0, bytes=len(graph),
        )  # fmt: skip
        (folder / f"{card.version}.onnx").write_bytes(graph)
        (folder / f"{card.version}.json").write_bytes(card_to_json(card))
        versions[name] = card.version
        figures = {figure: getattr(card, figure) for figure in FIGURES}
        report[name] = {"name": name, "best_params": card.best_params, **figures}
    best = names[-1]
    vote = Vote(dict.fromkeys(names, 1 / len(names)), 1.0) if len(names) > 1 else None
    models = {"best_model": report[best], **report}
    manifest = Manifest(tuned_at, versions, vote, best, best, {"models": models})
    (folder / FILE).write_bytes(manifest_to_json(manifest))


def image_of(digit: int) -> list[int]:
    """Return an image, 784 numbers, that these members take for a digit."""
    return [255 if pixel == digit else 0 for pixel in range(784)]


def _graph(sure: float) -> bytes:
    weights = np.zeros((784, 10), np.float32)
    weights[np.arange(10), np.arange(10)] = sure / 255
    nodes = [
        helper.make_node("Cast", ["images"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["numbers", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "member",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, ["N", 784])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    content: bytes = onnx.ModelProto.SerializeToString(model)
    return content
