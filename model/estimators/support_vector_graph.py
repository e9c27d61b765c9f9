"""A trained support vector machine as an ONNX graph of plain sums and products."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model.ensemble.member_names import CLASSES, PIXELS
from model.estimators.component_svc import PAIRS, STEEPNESS, ComponentSVC

OPSET = 20


def support_vector_graph(estimator: ComponentSVC, pixels: str) -> onnx.ModelProto:
    """Return a trained machine as sums and products in float64, from pixels to logits.

    pixels: the name of its input, float32 (N, 784). The converters' own operator reckons in
    float32, and what pairs of classes say then differs by more than a millionth.
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
        helper.make_node("Cast", [pixels], ["exact"], to=TensorProto.DOUBLE),
        helper.make_node("Sub", ["exact", "mean"], ["centred"]),
        helper.make_node("MatMul", ["centred", "components"], ["z"]),
        helper.make_node("MatMul", ["z", "vectors"], ["products"]),
    ]
    nodes += _kernel(svc, constants)
    nodes += [
        helper.make_node("MatMul", ["kernel", "weights"], ["sums"]),
        helper.make_node("Add", ["sums", "intercepts"], ["pairs"]),
    ]
    nodes += _coupled(constants)
    graph = helper.make_graph(
        nodes,
        "svm",
        [helper.make_tensor_value_info(pixels, TensorProto.FLOAT, [None, PIXELS])],
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


def _coupled(constants: dict[str, Any]) -> list[onnx.NodeProto]:
    """Return what makes `logits` of `pairs`, as `ComponentSVC.decision_function` does."""
    for_first, for_second = PAIRS
    constants |= {
        "for_first": for_first,
        "for_either": for_first + for_second,
        "steepness": np.array(STEEPNESS),
        "zero": np.zeros(()),
        "one": np.ones(()),
    }
    # log sigmoid(x) = x - softplus(x), and of the other class -softplus(x); ONNX Runtime has no
    # Softplus in float64.
    return [
        helper.make_node("Mul", ["pairs", "steepness"], ["steep"]),
        helper.make_node("Abs", ["steep"], ["size"]),
        helper.make_node("Neg", ["size"], ["less"]),
        helper.make_node("Exp", ["less"], ["odds"]),
        helper.make_node("Add", ["odds", "one"], ["one_and_odds"]),
        helper.make_node("Log", ["one_and_odds"], ["rest"]),
        helper.make_node("Max", ["steep", "zero"], ["positive"]),
        helper.make_node("Add", ["positive", "rest"], ["softplus"]),
        helper.make_node("MatMul", ["steep", "for_first"], ["gained"]),
        helper.make_node("MatMul", ["softplus", "for_either"], ["lost"]),
        helper.make_node("Sub", ["gained", "lost"], ["logits"]),
    ]
