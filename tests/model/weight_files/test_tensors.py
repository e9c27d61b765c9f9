from __future__ import annotations

import json
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from model.errors import BadWeights, WeightsError, WeightsNotFound
from model.weight_files.card import to_header
from model.weight_files.places import BASELINE_WEIGHTS
from model.weight_files.tensors import complete, read_tensors, to_safetensors
from tests.model.networks.cards import CARD
from tests.model.weight_files.pairs import write_like

TENSORS = {
    "layer.weight": np.arange(12, dtype=np.float32).reshape(3, 4),
    "layer.count": np.array(7, np.int64),
}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(to_safetensors(TENSORS, complete(CARD, TENSORS)))
    return path


def header_of(path: Path) -> dict[str, str]:
    content = path.read_bytes()
    header: dict[str, str] = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])[
        "__metadata__"
    ]
    return header


def rewrite_header(path: Path, **changes: str | None) -> None:
    """Change entries of the header, None taking one away, as if it had been written so."""
    entries = {**header_of(path), "header_digest": None, **changes}
    kept = {name: value for name, value in entries.items() if value is not None}
    path.write_bytes(save(load(path.read_bytes()), metadata=kept))


def test_tensors_and_card_come_back_as_they_were_written(weights: Path) -> None:
    tensors, card = read_tensors(weights)

    assert card == complete(CARD, TENSORS)
    assert tensors.keys() == TENSORS.keys()
    assert all(np.array_equal(tensors[name], TENSORS[name]) for name in TENSORS)


def test_the_same_tensors_and_card_make_the_same_file() -> None:
    card = complete(CARD, TENSORS)

    assert len({to_safetensors(TENSORS, card) for _ in range(5)}) == 1


def test_the_version_names_the_tensors_and_nothing_else() -> None:
    first = complete(CARD, TENSORS)
    same = complete(replace(CARD, temperature=2.0), TENSORS)
    other = complete(CARD, {**TENSORS, "layer.count": np.array(8, np.int64)})

    assert first.version == same.version == f"{CARD.architecture}-{first.digest[:8]}"
    assert first.version != other.version


def test_missing_weights_are_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFound, match=r"nowhere.*--mode train.*WEIGHTS"):
        read_tensors(tmp_path / "nowhere.safetensors")


def test_a_pickle_is_refused_without_being_opened(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str, ...]]:
            return os.mkdir, (str(tmp_path / "exploded"),)

    torch.save({"weights": Bomb()}, tmp_path / "torch.pt")
    (tmp_path / "bare.pkl").write_bytes(pickle.dumps(Bomb()))

    for name in ("torch.pt", "bare.pkl"):
        with pytest.raises(BadWeights, match="is a pickle"):
            read_tensors(tmp_path / name)
    assert not (tmp_path / "exploded").exists()


def test_weights_whose_header_begins_as_a_pickle_does_are_read(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    for length in range(1, 300, 8):  # the header's length is a multiple of 8, its lowest byte first
        card = complete(replace(CARD, metrics={"m" * length: 0.5}), TENSORS)
        path.write_bytes(to_safetensors(TENSORS, card))
        if path.read_bytes()[:1] == b"\x80":
            break

    assert path.read_bytes()[:1] == b"\x80"
    assert read_tensors(path)[1].metrics == {"m" * length: 0.5}


def test_weights_that_cannot_be_reached_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="mmmmm"):
        read_tensors(tmp_path / ("m" * 300))


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.999])
def test_truncated_weights_are_refused(tmp_path: Path, share: float) -> None:
    content = BASELINE_WEIGHTS.read_bytes()
    (tmp_path / "w.safetensors").write_bytes(content[: int(len(content) * share)])

    with pytest.raises(BadWeights, match="cut off"):
        read_tensors(tmp_path / "w.safetensors")


def test_safetensors_of_another_program_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(save({"layer": np.zeros(3)}))

    with pytest.raises(BadWeights, match="not written by Inkling"):
        read_tensors(path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"temperature": None}, "no model card"),
        ({"temperature": "not a number"}, "no model card"),
        ({"temperature": "0.0"}, "impossible values"),
        ({"sure_threshold": "1.5"}, "impossible values"),
        ({"classes": '["7"]'}, "impossible values"),
    ],
)
def test_a_card_that_nobody_can_use_is_refused(
    weights: Path, changes: dict[str, str | None], words: str
) -> None:
    rewrite_header(weights, **changes)

    with pytest.raises(BadWeights, match=words):
        read_tensors(weights)


def test_a_bit_flipped_anywhere_is_noticed(weights: Path) -> None:
    content = weights.read_bytes()
    unnoticed = []

    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        weights.write_bytes(flipped)
        try:
            tensors, card = read_tensors(weights)
        except BadWeights:
            continue
        unnoticed.append((place, tensors, card))

    # What is read all the same is what was written: a space of the header's became another one.
    assert [place for place, *_, card in unnoticed if card != complete(CARD, TENSORS)] == []
    assert all(np.array_equal(t[n], TENSORS[n]) for _, t, _ in unnoticed for n in TENSORS)
    assert len(unnoticed) < 0.05 * len(content)


def test_a_flipped_bit_of_a_tensor_is_named_as_damage(tmp_path: Path) -> None:
    write_like(tmp_path / "w.safetensors")
    content = bytearray((tmp_path / "w.safetensors").read_bytes())
    content[-1000] ^= 1
    (tmp_path / "w.safetensors").write_bytes(content)

    with pytest.raises(BadWeights, match=r"w\.safetensors is damaged: a tensor"):
        read_tensors(tmp_path / "w.safetensors")


def test_a_card_that_was_edited_is_named_as_damage(weights: Path) -> None:
    header = {**header_of(weights), "temperature": "1.26"}
    weights.write_bytes(save(load(weights.read_bytes()), metadata=header))

    with pytest.raises(BadWeights, match="is damaged: its card"):
        read_tensors(weights)


def test_weights_from_before_there_were_digests_are_read_and_checked_by_their_version(
    weights: Path,
) -> None:
    rewrite_header(weights, digest=None)
    assert read_tensors(weights)[1] == complete(CARD, TENSORS)

    changed = {**TENSORS, "layer.count": np.array(8, np.int64)}
    weights.write_bytes(save(changed, metadata=header_of(weights)))
    with pytest.raises(BadWeights, match="is damaged: a tensor"):
        read_tensors(weights)


def test_the_header_holds_the_card_and_nothing_of_the_machine() -> None:
    header = to_header(CARD)

    assert header["temperature"] == "1.25"
    assert header.keys() - CARD.__dict__.keys() == {"format", "header_digest"}
