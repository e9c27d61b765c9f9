"""Weights leave the store as two files, both or neither, and write over nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback.learning.exporting import NotExported, export_weights
from tests.feedback.sample_weights import some_weights


@pytest.mark.parametrize("name", ["mine", "mine.onnx", "mine.safetensors"])
def test_both_files_have_the_name_that_was_given(tmp_path: Path, name: str):
    stored = some_weights()

    tensors, graph = export_weights(stored, tmp_path / "new" / name)

    assert (tensors.name, graph.name) == ("mine.safetensors", "mine.onnx")
    assert (tensors.read_bytes(), graph.read_bytes()) == (stored.tensors, stored.graph)


def test_a_version_in_the_name_stays_whole(tmp_path: Path):
    tensors, graph = export_weights(some_weights(), tmp_path / "mine.v2")

    assert (tensors.name, graph.name) == ("mine.v2.safetensors", "mine.v2.onnx")


@pytest.mark.parametrize("there", ["mine.onnx", "mine.safetensors"])
def test_nothing_is_written_where_one_of_the_files_is_there(tmp_path: Path, there: str):
    (tmp_path / there).write_text("last year's")

    with pytest.raises(NotExported, match=f"{there} is there already: name another file"):
        export_weights(some_weights(), tmp_path / "mine.onnx")

    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "last year's"


def test_a_place_that_takes_no_files_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(NotExported, match="mine cannot be written: "):
        export_weights(some_weights(), tmp_path / "file" / "mine")
