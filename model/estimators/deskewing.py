"""Slanted ink stood upright, for members that see pixels alone: training and graphs do the same.

The slant is that of LeCun et al. (1998, "deskewing"): the regression of columns on rows, weighted
by ink. Rows are moved sideways against it, about the ink's middle.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model.reading.session import Session

SIDE = 28
STEEPEST = 1.0  # columns that a row is moved for each row: what lies flatter is no slant
BATCH = 1024
OPSET = 15  # what trees' graphs can have
Constants = dict[str, NDArray[np.generic]]


def deskew(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return ink upright: uint8 (N, 784), 0 = paper, 255 = full ink, as are `images`.

    What is written upright, and what has no ink, stays as it is.
    """
    session = _session()
    parts = [
        session.run(["upright"], images[start : start + BATCH])[0]
        for start in range(0, len(images), BATCH)
    ]
    return np.concatenate(parts) if parts else images.copy()


def deskewing(ink: str, upright: str) -> tuple[list[onnx.NodeProto], Constants]:
    """Return what makes `upright`, float64 (N, 784) of whole levels, of `ink`, uint8 (N, 784).

    Sums are of whole numbers in float64, and levels are rounded, so that all machines agree. All
    names within begin with `deskewing_`: none is one of the graph's that it is put before.
    """
    rows, columns = (grid.ravel().astype(np.float64) for grid in np.mgrid[:SIDE, :SIDE])
    constants: Constants = {
        # ink, columns, rows, columns times rows, rows squared
        "moments": np.stack(
            [np.ones(SIDE * SIDE), columns, rows, columns * rows, rows * rows], axis=1
        ),
        "single": np.ones(5, np.int64),
        "unit": np.array(1.0),
        "steepest": np.array(STEEPEST),
        "other_way": np.array(-STEEPEST),
        "row_numbers": np.arange(SIDE, dtype=np.float64)[None],
        "column_numbers": np.arange(SIDE, dtype=np.float64)[None, None],
        "last_axis": np.array([2], np.int64),
        "sheets": np.array([-1, SIDE, SIDE], np.int64),
        "lines": np.array([-1, SIDE * SIDE], np.int64),
        "margins": np.array([0, 0, 1, 0, 0, 1], np.int64),  # a column of paper at either side
        "left_of_all": np.array(-1.0),
        "right_of_all": np.array(float(SIDE)),
        "next": np.array(1, np.int64),
        "rightmost": np.array(SIDE + 1, np.int64),
    }
    nodes = [
        helper.make_node("Cast", [ink], ["exact"], to=TensorProto.DOUBLE),
        helper.make_node("MatMul", ["exact", "moments"], ["sums"]),
        helper.make_node("Split", ["sums", "single"], ["all", "x", "y", "xy", "yy"], axis=1),
        helper.make_node("Mul", ["all", "xy"], ["all_xy"]),
        helper.make_node("Mul", ["x", "y"], ["x_y"]),
        helper.make_node("Sub", ["all_xy", "x_y"], ["covariance"]),
        helper.make_node("Mul", ["all", "yy"], ["all_yy"]),
        helper.make_node("Mul", ["y", "y"], ["y_y"]),
        helper.make_node("Sub", ["all_yy", "y_y"], ["spread"]),
        # Both are whole numbers: 0, or at least 1.
        helper.make_node("Max", ["spread", "unit"], ["variance"]),
        helper.make_node("Div", ["covariance", "variance"], ["any_slant"]),
        helper.make_node("Clip", ["any_slant", "other_way", "steepest"], ["slant"]),
        helper.make_node("Max", ["all", "unit"], ["weight"]),
        helper.make_node("Div", ["y", "weight"], ["middle"]),
        helper.make_node("Sub", ["row_numbers", "middle"], ["below"]),
        helper.make_node("Mul", ["slant", "below"], ["moves"]),
        helper.make_node("Unsqueeze", ["moves", "last_axis"], ["moves_of_rows"]),
        helper.make_node("Add", ["column_numbers", "moves_of_rows"], ["any_source"]),
        helper.make_node("Clip", ["any_source", "left_of_all", "right_of_all"], ["source"]),
        helper.make_node("Floor", ["source"], ["low"]),
        helper.make_node("Sub", ["source", "low"], ["part"]),
        helper.make_node("Cast", ["low"], ["low_number"], to=TensorProto.INT64),
        helper.make_node(
            "Add", ["low_number", "next"], ["left_place"]
        ),  # the margin is one column wide
        helper.make_node("Add", ["left_place", "next"], ["any_right"]),
        helper.make_node("Min", ["any_right", "rightmost"], ["right_place"]),
        helper.make_node("Reshape", ["exact", "sheets"], ["sheet"]),
        helper.make_node("Pad", ["sheet", "margins"], ["wide"]),
        helper.make_node("GatherElements", ["wide", "left_place"], ["left"], axis=2),
        helper.make_node("GatherElements", ["wide", "right_place"], ["right"], axis=2),
        helper.make_node("Sub", ["right", "left"], ["step"]),
        helper.make_node("Mul", ["part", "step"], ["between"]),
        helper.make_node("Add", ["left", "between"], ["moved"]),
        helper.make_node("Round", ["moved"], ["levels_of_sheet"]),
        helper.make_node("Reshape", ["levels_of_sheet", "lines"], [upright]),
    ]
    for node in nodes:
        for names in (node.input, node.output):
            names[:] = [name if name in (ink, upright) else _own(name) for name in names]
    return nodes, {_own(name): value for name, value in constants.items()}


def _own(name: str) -> str:
    return f"deskewing_{name}"


@cache
def _session() -> Session:
    nodes, constants = deskewing("ink", "exactly")
    nodes.append(helper.make_node("Cast", ["exactly"], ["upright"], to=TensorProto.UINT8))
    pixels = SIDE * SIDE
    graph = helper.make_graph(
        nodes,
        "deskewing",
        [helper.make_tensor_value_info("ink", TensorProto.UINT8, [None, pixels])],
        [helper.make_tensor_value_info("upright", TensorProto.UINT8, [None, pixels])],
        [numpy_helper.from_array(np.asarray(it), name) for name, it in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(model)
    return Session(model.SerializeToString())
