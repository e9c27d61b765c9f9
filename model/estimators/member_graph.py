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
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model.ensemble.member_names import CLASSES, PIXELS
from model.ensemble.members import OUTPUT
from model.ensemble.voting import LEAST
from model.estimators.member_kinds import ComponentSVC
from model.networks.onnx_export import without_origin

OPSET, TREE_OPSET = 20, 15  # onnxmltools knows no newer one
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
            model = _support_vectors(estimator)
        elif name == "rf":
            model = _forest(estimator)
        elif name == "xgboost":
            model = _boosted(estimator)
        else:
            model = _network(estimator)
    _frame(model, is_probability=name in ("rf", "xgboost"), temperature=temperature)
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


def _support_vectors(estimator: ComponentSVC) -> onnx.ModelProto:
    """Return the SVM as sums and products in float64.

    The converters' own operator reckons in float32, and its votes between pairs of classes then
    fall the other way now and then.
    """
    svc, pca = estimator.svc_, estimator.pca_
    constants = {
        "mean": pca.mean_,
        "components": pca.components_.T,
        "vectors": svc.support_vectors_.T,
        "weights": _weights_of_pairs(svc),
        "intercepts": svc.intercept_,
    }
    nodes = [
        helper.make_node("Cast", [INNER], ["exact"], to=TensorProto.DOUBLE),
        helper.make_node("Sub", ["exact", "mean"], ["centred"]),
        helper.make_node("MatMul", ["centred", "components"], ["z"]),
        helper.make_node("MatMul", ["z", "vectors"], ["products"]),
    ]
    nodes += _kernel(svc, constants)
    nodes += [
        helper.make_node("MatMul", ["kernel", "weights"], ["sums"]),
        helper.make_node("Add", ["sums", "intercepts"], ["pairs"]),
    ]
    nodes += _votes(constants)
    graph = helper.make_graph(
        nodes,
        "svm",
        [helper.make_tensor_value_info(INNER, TensorProto.FLOAT, [None, PIXELS])],
        [helper.make_tensor_value_info("logits", TensorProto.DOUBLE, [None, CLASSES])],
        [
            numpy_helper.from_array(np.array(value, np.float64), name)
            for name, value in constants.items()
        ]
        + [numpy_helper.from_array(np.array([1], np.int64), "axis")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)


def _kernel(svc: Any, constants: dict[str, Any]) -> list[onnx.NodeProto]:
    """Return what makes `kernel`, (N, vectors), of `products`."""
    constants["gamma"] = np.array(svc._gamma)
    constants["coef0"] = np.array(svc.coef0)
    scaled = [
        helper.make_node("Mul", ["products", "gamma"], ["scaled"]),
        helper.make_node("Add", ["scaled", "coef0"], ["moved"]),
    ]
    if svc.kernel == "linear":
        return [helper.make_node("Identity", ["products"], ["kernel"])]
    if svc.kernel == "sigmoid":
        return [*scaled, helper.make_node("Tanh", ["moved"], ["kernel"])]
    if svc.kernel == "poly":
        constants["degree"] = np.array(float(svc.degree))
        return [*scaled, helper.make_node("Pow", ["moved", "degree"], ["kernel"])]
    constants["minus_gamma"] = -np.array(svc._gamma)
    constants["minus_two"] = np.array(-2.0)
    constants["vectors_squared"] = (svc.support_vectors_**2).sum(axis=1)
    return [
        helper.make_node("Mul", ["z", "z"], ["squares"]),
        _sum_of_row("squares", "squared"),
        helper.make_node("Mul", ["products", "minus_two"], ["crossed"]),
        helper.make_node("Add", ["squared", "crossed"], ["some"]),
        helper.make_node("Add", ["some", "vectors_squared"], ["distances"]),
        helper.make_node("Mul", ["distances", "minus_gamma"], ["exponents"]),
        helper.make_node("Exp", ["exponents"], ["kernel"]),
    ]


def _sum_of_row(of: str, to: str) -> onnx.NodeProto:
    return helper.make_node("ReduceSum", [of, "axis"], [to], keepdims=1)


def _weights_of_pairs(svc: Any) -> NDArray[np.float64]:
    """Return how much each vector speaks in each pair of classes: (vectors, pairs).

    libsvm keeps of a vector of class i its weight against class j in row j, or j - 1 where j > i.
    """
    ends = np.cumsum(svc.n_support_)
    starts = ends - svc.n_support_
    columns = []
    for i in range(len(ends)):
        for j in range(i + 1, len(ends)):
            column = np.zeros(ends[-1])
            column[starts[i] : ends[i]] = svc.dual_coef_[j - 1, starts[i] : ends[i]]
            column[starts[j] : ends[j]] = svc.dual_coef_[i, starts[j] : ends[j]]
            columns.append(column)
    return np.stack(columns, axis=1)


def _votes(constants: dict[str, Any]) -> list[onnx.NodeProto]:
    """Return what makes `logits` of `pairs`, as scikit-learn does.

    Each class has a vote for each pair that it wins, and less than a third for its margins.
    """
    pairs = [(i, j) for i in range(CLASSES) for j in range(i + 1, CLASSES)]
    for_first = np.zeros((len(pairs), CLASSES))
    for_second = np.zeros((len(pairs), CLASSES))
    for place, (i, j) in enumerate(pairs):
        for_first[place, i] = for_second[place, j] = 1
    constants["for_first_less_second"] = for_first - for_second
    constants["if_all_second"] = for_second.sum(axis=0)
    constants["zero"], constants["one"], constants["three"] = (
        np.zeros(()),
        np.ones(()),
        np.array(3.0),
    )
    return [
        # libsvm's own sign: a pair's first class wins above 0, its second at 0 too.
        helper.make_node("Greater", ["pairs", "zero"], ["is_first"]),
        helper.make_node("Cast", ["is_first"], ["first"], to=TensorProto.DOUBLE),
        helper.make_node("MatMul", ["first", "for_first_less_second"], ["won"]),
        helper.make_node("MatMul", ["pairs", "for_first_less_second"], ["margins"]),
        helper.make_node("Abs", ["margins"], ["sizes"]),
        helper.make_node("Add", ["sizes", "one"], ["more"]),
        helper.make_node("Mul", ["more", "three"], ["bounds"]),
        helper.make_node("Div", ["margins", "bounds"], ["parts"]),
        helper.make_node("Add", ["won", "if_all_second"], ["votes"]),
        helper.make_node("Add", ["votes", "parts"], ["logits"]),
    ]


def _frame(model: onnx.ModelProto, *, is_probability: bool, temperature: float) -> None:
    """Put scaling before a model and calibration behind it."""
    graph = model.graph
    inner, outer = graph.input[0].name, graph.output[0]
    kind = outer.type.tensor_type.elem_type
    real = np.float64 if kind == TensorProto.DOUBLE else np.float32
    constants = {"full_ink": np.float32(255), "temperature": real(temperature)}
    before = [
        helper.make_node("Cast", [INPUT], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["levels", "full_ink"], [inner]),
    ]
    logits = "said"
    for node in graph.node:  # a converter may have given the name that the whole graph's output has
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                if name == outer.name:
                    names[place] = logits
    after = []
    if is_probability:
        constants["least"] = real(LEAST)
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
