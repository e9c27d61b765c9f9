"""A trained member to one ONNX graph, from ink as it is kept to calibrated probabilities.

Scaling is in the graph, so that training and prediction cannot disagree about it.
"""

from __future__ import annotations

import io
import logging
import warnings
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model.ensemble.member_names import CLASSES, PIXELS
from model.ensemble.members import OUTPUT
from model.ensemble.voting import LEAST
from model.estimators.deskewing import Constants, deskewing
from model.estimators.member_kinds import DESKEWED
from model.estimators.support_vector_graph import OPSET, support_vector_graph
from model.networks.onnx_export import without_origin

TREE_OPSET = 15  # onnxmltools knows no newer one
INPUT, INNER = "ink", "pixels"


def export_member(name: str, estimator: Any, temperature: float) -> bytes:
    """Return a trained member as an ONNX model, which needs no other file.

    Its input: `ink`, uint8 (N, 784), 0 = paper, 255 = full ink. Its output: `probabilities`,
    float32 (N, 10), or float64 of the SVM; the temperature is already in them.
    """
    # Converters warn of their own future, and print their progress.
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        if name == "svm":
            model = support_vector_graph(estimator, INNER)
        elif name == "rf":
            model = _forest(estimator)
        elif name == "xgboost":
            model = _boosted(estimator)
        else:
            model = _network(estimator)
    _frame(model, name, temperature)
    return without_origin(model)


def _network(estimator: Any) -> onnx.ModelProto:
    pixels = torch.zeros(2, PIXELS)
    with torch.no_grad():
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            estimator.reading(),
            (pixels,),
            dynamo=True,
            opset_version=OPSET,
            input_names=[INNER],
            output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("images")},),
            verbose=False,
        )
    assert program is not None
    model: onnx.ModelProto = program.model_proto
    return model


def _forest(estimator: Any) -> onnx.ModelProto:
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    model: onnx.ModelProto = to_onnx(
        estimator,
        initial_types=[(INNER, FloatTensorType([None, PIXELS]))],
        options={"zipmap": False},
        target_opset={"": OPSET, "ai.onnx.ml": 3},
    )
    _keep_last_output(model)
    _thin_out(model)
    return model


def _boosted(estimator: Any) -> onnx.ModelProto:
    from onnxmltools.convert import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    model: onnx.ModelProto = convert_xgboost(
        estimator,
        initial_types=[(INNER, FloatTensorType([None, PIXELS]))],
        target_opset=TREE_OPSET,
    )
    _keep_last_output(model)
    _thin_out(model)
    return model


def _keep_last_output(model: onnx.ModelProto) -> None:
    """Leave the probabilities, and nothing that only made labels."""
    graph = model.graph
    needed = {graph.output[-1].name}
    del graph.output[:-1]
    kept = []
    for node in reversed(graph.node):
        if needed & set(node.output):
            needed |= set(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    unused = [it for it in graph.initializer if it.name not in needed]
    for it in unused:
        graph.initializer.remove(it)


def _thin_out(model: onnx.ModelProto) -> None:
    """Leave out what says nothing: weights of 0, and attributes that have their defaults."""
    for node in model.graph.node:
        if node.op_type != "TreeEnsembleClassifier":
            continue
        by_name = {attribute.name: attribute for attribute in node.attribute}
        weights = np.array(by_name["class_weights"].floats, np.float32)
        speaks = weights != 0
        del by_name["class_weights"].floats[:]
        by_name["class_weights"].floats.extend(weights[speaks].tolist())
        for name in ("class_ids", "class_nodeids", "class_treeids"):
            values = np.array(by_name[name].ints, np.int64)
            del by_name[name].ints[:]
            by_name[name].ints.extend(values[speaks].tolist())
        for name in ("nodes_hitrates", "nodes_missing_value_tracks_true"):
            if name in by_name:
                node.attribute.remove(by_name[name])


def _frame(model: onnx.ModelProto, name: str, temperature: float) -> None:
    """Put preparation before a model and calibration behind it."""
    graph = model.graph
    inner, outer = graph.input[0].name, graph.output[0]
    kind = outer.type.tensor_type.elem_type
    real = np.float64 if kind == TensorProto.DOUBLE else np.float32
    constants: Constants = {
        "full_ink": np.array(255, np.float32),
        "temperature": np.array(temperature, real),
    }
    before: list[onnx.NodeProto] = []
    ink = INPUT
    if name in DESKEWED:
        ink = "upright"
        before, own_constants = deskewing(INPUT, ink)
        constants |= own_constants
    before += [
        helper.make_node("Cast", [ink], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["levels", "full_ink"], [inner]),
    ]
    logits = "said"
    for node in graph.node:  # a converter may have given the name that the whole graph's output has
        for names in (node.input, node.output):
            for place, edge in enumerate(names):
                if edge == outer.name:
                    names[place] = logits
    after = []
    if name in ("rf", "xgboost"):
        constants["least"] = np.array(LEAST, real)
        after = [
            helper.make_node("Max", [logits, "least"], ["some_probability"]),
            helper.make_node("Log", ["some_probability"], ["surprise"]),
        ]
        logits = "surprise"
    after += [
        helper.make_node("Div", [logits, "temperature"], ["tempered"]),
        helper.make_node("Softmax", ["tempered"], [OUTPUT], axis=1),
    ]
    if not any(it.domain == "" for it in model.opset_import):  # trees have a domain of their own
        model.opset_import.append(helper.make_opsetid("", TREE_OPSET))
    own = list(graph.node)
    del graph.node[:]
    graph.node.extend([*before, *own, *after])
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()
    )
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(INPUT, TensorProto.UINT8, [None, PIXELS]))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, kind, [None, CLASSES]))
    onnx.checker.check_model(model)
