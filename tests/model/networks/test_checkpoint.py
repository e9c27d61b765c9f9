from __future__ import annotations

import errno
import json
import os
import pickle
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save

from environment import ROOT
from model.errors import BadWeights, WeightsError, WeightsNotFound
from model.networks.checkpoint import load_weights, save_weights
from model.networks.registry import BASELINE, build_network
from tests.model.networks.cards import CARD


@pytest.fixture
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return build_network(BASELINE)


@pytest.fixture
def weights(tmp_path: Path, network: torch.nn.Module) -> Path:
    path = tmp_path / "weights.safetensors"
    save_weights(path, network, CARD)
    return path


def rewrite_header(path: Path, **changes: str | None) -> None:
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    metadata = json.loads(content[8 : 8 + length])["__metadata__"]
    metadata.update(changes)
    kept = {name: value for name, value in metadata.items() if value is not None}
    path.write_bytes(save(load(content), metadata=kept))


def test_weights_and_card_come_back_as_they_were_saved(
    tmp_path: Path, network: torch.nn.Module
) -> None:
    card = save_weights(tmp_path / "deep" / "weights.safetensors", network, CARD)

    loaded, loaded_card = load_weights(tmp_path / "deep" / "weights.safetensors")

    assert loaded_card == card
    assert card.parameters == sum(p.numel() for p in network.parameters())
    assert not loaded.training
    for name, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor), name


def test_the_same_weights_and_card_make_the_same_file(
    tmp_path: Path, network: torch.nn.Module
) -> None:
    paths = [tmp_path / f"{number}.safetensors" for number in range(5)]
    for path in paths:
        save_weights(path, network, CARD)

    assert len({path.read_bytes() for path in paths}) == 1


def test_the_version_names_the_tensors_and_nothing_else(
    tmp_path: Path, network: torch.nn.Module
) -> None:
    first = save_weights(tmp_path / "a", network, CARD)
    same = save_weights(tmp_path / "b", network, replace(CARD, temperature=2.0))
    with torch.no_grad():
        next(network.parameters()).add_(1e-3)
    other = save_weights(tmp_path / "c", network, CARD)

    assert first.version == same.version
    assert first.version != other.version
    assert first.version.startswith(f"{BASELINE}-")


def test_missing_weights_are_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFound, match=r"nowhere.*--mode train.*WEIGHTS"):
        load_weights(tmp_path / "nowhere.safetensors")


def test_a_pickle_is_refused_without_being_opened(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str, ...]]:
            return os.mkdir, (str(tmp_path / "exploded"),)

    torch.save({"weights": Bomb()}, tmp_path / "torch.pt")
    (tmp_path / "bare.pkl").write_bytes(pickle.dumps(Bomb()))

    for name in ("torch.pt", "bare.pkl"):
        with pytest.raises(BadWeights, match="is a pickle"):
            load_weights(tmp_path / name)
    assert not (tmp_path / "exploded").exists()


def test_weights_whose_header_begins_as_a_pickle_does_are_read(
    tmp_path: Path, network: torch.nn.Module
) -> None:
    path = tmp_path / "weights.safetensors"
    for length in range(1, 300, 8):  # the header's length is a multiple of 8, its lowest byte first
        save_weights(path, network, replace(CARD, metrics={"m" * length: 0.5}))
        if path.read_bytes()[:1] == b"\x80":
            break

    assert path.read_bytes()[:1] == b"\x80"
    assert load_weights(path)[1].metrics == {"m" * length: 0.5}


def test_weights_that_cannot_be_reached_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="mmmmm"):
        load_weights(tmp_path / ("m" * 300))


def test_a_card_with_more_classes_than_the_network_has_is_refused(weights: Path) -> None:
    rewrite_header(weights, classes=json.dumps([str(label) for label in range(12)]))

    with pytest.raises(BadWeights, match="does not fit"):
        load_weights(weights)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.999])
def test_truncated_weights_are_refused(weights: Path, share: float) -> None:
    content = weights.read_bytes()
    weights.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(BadWeights, match="cut off"):
        load_weights(weights)


def test_safetensors_of_another_program_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(save({"layer": torch.zeros(3)}))

    with pytest.raises(BadWeights, match="not written by Inkling"):
        load_weights(path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"temperature": None}, "no model card"),
        ({"temperature": "not a number"}, "no model card"),
        ({"temperature": "0.0"}, "impossible values"),
        ({"sure_threshold": "1.5"}, "impossible values"),
        ({"classes": '["7"]'}, "impossible values"),
        ({"architecture": '"seven-block"'}, "does not fit.*seven-block"),
    ],
)
def test_a_damaged_card_is_refused(
    weights: Path, changes: dict[str, str | None], words: str
) -> None:
    rewrite_header(weights, **changes)

    with pytest.raises(BadWeights, match=words):
        load_weights(weights)


def test_weights_of_another_shape_are_refused(tmp_path: Path, weights: Path) -> None:
    content = weights.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    metadata = json.loads(content[8 : 8 + length])["__metadata__"]
    weights.write_bytes(save({"layer": torch.zeros(3)}, metadata=metadata))

    with pytest.raises(BadWeights, match=r"does not fit.*other layers now.*train anew") as refusal:
        load_weights(weights)
    assert len(str(refusal.value).removeprefix(str(weights))) < 250


def test_weights_that_are_not_finite_are_refused(tmp_path: Path, network: torch.nn.Module) -> None:
    with torch.no_grad():
        next(network.parameters()).fill_(float("nan"))
    save_weights(tmp_path / "weights", network, CARD)

    with pytest.raises(BadWeights, match="not finite"):
        load_weights(tmp_path / "weights")


def test_a_full_disk_leaves_the_older_weights_and_says_so(
    weights: Path, network: torch.nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = weights.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # The write itself is real; only the moment at which the disk runs full is made.
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WeightsError, match=r"No space left on device.*--out"):
        save_weights(weights, network, CARD)

    assert weights.read_bytes() == before
    assert [path.name for path in weights.parent.iterdir()] == [weights.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_place_that_cannot_be_written_is_named(network: torch.nn.Module) -> None:
    with pytest.raises(WeightsError, match=r"could not write the weights to /dev/full/w"):
        save_weights(Path("/dev/full/w.safetensors"), network, CARD)


def test_loading_the_model_package_needs_neither_trainer_nor_database_nor_widgets() -> None:
    code = (
        "import sys, model.predict;"
        "print(*{'torchvision', 'sklearn', 'matplotlib', 'sqlalchemy', 'streamlit'}"
        " & set(sys.modules))"
    )

    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert loaded.split() == []
