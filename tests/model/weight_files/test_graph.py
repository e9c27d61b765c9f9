from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from model.errors import BadWeights
from model.weight_files.graph import read_graph, with_card
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS, pair_of
from tests.model.networks.cards import CARD

# A model of one node: small enough to flip every bit of it.
GRAPH = onnx.helper.make_model(
    onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["images"], ["logits"])],
        "tiny",
        [onnx.helper.make_tensor_value_info("images", onnx.TensorProto.FLOAT, ["N", 10])],
        [onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["N", 10])],
    )
).SerializeToString()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "w.onnx"
    path.write_bytes(with_card(GRAPH, CARD))
    return path


def test_a_graph_and_its_card_come_back_as_they_were_written(file: Path) -> None:
    assert read_graph(file) == (GRAPH, CARD)


def test_what_is_written_is_onnx_with_the_card_in_its_metadata(file: Path) -> None:
    model = onnx.load(str(file))

    onnx.checker.check_model(model)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert metadata["architecture"] == f'"{CARD.architecture}"'
    assert {"digest", "graph_digest", "header_digest"} <= metadata.keys()
    assert model.graph.node[0].op_type == "Identity"


def test_a_bit_flipped_anywhere_is_noticed(file: Path) -> None:
    content = file.read_bytes()
    unnoticed = []

    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        file.write_bytes(flipped)
        try:
            assert read_graph(file) == (GRAPH, CARD)
        except BadWeights:
            continue
        unnoticed.append(place)

    assert len(unnoticed) <= len("header_digest"), "another name of that entry leaves all as it was"


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.999])
def test_truncated_graphs_are_refused(tmp_path: Path, share: float) -> None:
    content = pair_of(BASELINE_WEIGHTS).graph.read_bytes()
    (tmp_path / "w.onnx").write_bytes(content[: int(len(content) * share)])

    with pytest.raises(BadWeights):
        read_graph(tmp_path / "w.onnx")


def test_onnx_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.onnx").write_bytes(GRAPH)

    with pytest.raises(BadWeights, match="not written by Inkling"):
        read_graph(tmp_path / "w.onnx")


@pytest.mark.parametrize("content", [b"GIF89a....", b"\x00" * 40, b"\xff" * 40, b"<html></html>"])
def test_what_is_no_onnx_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.onnx").write_bytes(content)

    with pytest.raises(BadWeights, match="no weights file of Inkling's"):
        read_graph(tmp_path / "w.onnx")


@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, BASELINE_WEIGHTS])
def test_shipped_graphs_tell_nothing_of_the_machine_that_made_them(weights: Path) -> None:
    content = pair_of(weights).graph.read_bytes()

    assert not [word for word in (b"/", b".py", b"site-packages") if word in content[:2000]]
    model = onnx.load_from_string(content)
    assert not any(node.metadata_props or node.doc_string for node in model.graph.node)
    assert (model.producer_name, model.producer_version) == ("inkling", "")
