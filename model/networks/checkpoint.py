"""Weights files: safetensors, with a header that says what the weights are and how to use them."""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor, nn

from model.errors import BadWeights, WeightsError, WeightsNotFound
from model.networks.registry import BASELINE, SIX_CONVOLUTIONS, build_network, count_parameters

SHIPPED = Path(__file__).resolve().parent.parent / "weights"
DEFAULT_WEIGHTS = SHIPPED / f"{SIX_CONVOLUTIONS}.safetensors"
BASELINE_WEIGHTS = SHIPPED / f"{BASELINE}.safetensors"
FORMAT = "inkling-weights-1"


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is needed to use a set of weights and to judge it; stored in the file's header."""

    architecture: str  # a name in `model.networks.registry.NETWORKS`
    classes: tuple[str, ...]  # label of each logit
    mean: float  # of the input's normalisation, on a scale of 0..1
    std: float
    temperature: float  # logits are divided by it before softmax
    sure_threshold: float  # confidence from which a prediction is called sure, 0..1
    training_data: dict[str, int]  # name of each dataset: images trained on
    seed: int
    epochs: int  # passes over the training data up to these weights
    metrics: dict[str, float]  # on the validation split, 0..1 unless the name says otherwise
    digit_threshold: float | None = None  # nats, from which it is a digit; None refuses nothing
    attribution: tuple[str, ...] = ()  # whose data was trained on, and under which licence
    parameters: int = 0  # filled in by `save_weights`
    version: str = ""  # filled in by `save_weights`: architecture and a hash of the tensors


def save_weights(path: Path, network: nn.Module, card: Card) -> Card:
    """Write weights so that the file is whole or not there at all; return the completed card.

    The same weights and card make the same bytes.
    Raises WeightsError, leaving an older file as it was, when the file cannot be written.
    """
    tensors = {
        name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()
    }
    completed = Card(
        **{
            **{field.name: getattr(card, field.name) for field in fields(Card)},
            "parameters": count_parameters(network),
            "version": f"{card.architecture}-{_fingerprint(tensors)}",
        }
    )
    header = {name: json.dumps(value) for name, value in asdict(completed).items()}
    content = _in_order(to_bytes(tensors, metadata={"format": FORMAT, **header}))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_atomically(path, content)
    except OSError as error:
        raise WeightsError(
            f"could not write the weights to {path}: {error.strerror or error}; "
            "free some space or choose another place with --out"
        ) from error
    return completed


def _in_order(content: bytes) -> bytes:
    """Return a safetensors file with its header sorted, since the library orders it by chance.

    The same weights and card are then the same file, to be compared byte by byte.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    text = json.dumps(json.loads(content[8:start]), sort_keys=True, separators=(",", ":"))
    header = text.encode()
    header += b" " * (-len(header) % 8)  # the tensors stay aligned
    return len(header).to_bytes(8, "little") + header + content[start:]


def _fingerprint(tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].numpy().tobytes())
    return digest.hexdigest()[:8]


def _write_atomically(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp's 0600 would hide it from a container's other user
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_weights(path: Path) -> tuple[nn.Module, Card]:
    """Return a network ready to predict on the CPU, and its card.

    Raises WeightsNotFound where there is no file, BadWeights for pickles (never opened), truncated
    and foreign files, and weights that do not fit the network they name.
    """
    try:
        is_there = path.is_file()
    except OSError as error:  # too long a name; a folder on the way that may not be entered
        raise BadWeights(f"{path} cannot be reached: {error.strerror or error}") from error
    if not is_there:
        raise WeightsNotFound(
            f"no weights at {path}: run `python run_model.py --mode train`, "
            "or point WEIGHTS at an existing file"
        )
    _refuse_pickles(path)
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
    except (SafetensorError, OSError, ValueError) as error:
        raise BadWeights(
            f"{path} is no weights file of Inkling's, or is cut off: "
            "it must be a whole .safetensors file that `python run_model.py` wrote"
        ) from error
    card = _read_card(path, header)
    try:
        network = build_network(card.architecture)
        _check_layers(network, card.architecture, tensors)
        network.load_state_dict(tensors)
        _check_classes(network, card)
    except (ValueError, RuntimeError) as error:
        raise BadWeights(f"{path} does not fit this version of Inkling: {error}") from error
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        raise BadWeights(f"{path} holds numbers that are not finite: train again")
    return network.eval(), card


def _check_layers(network: nn.Module, name: str, tensors: Mapping[str, torch.Tensor]) -> None:
    """Raise ValueError where weights are of other layers; torch would list every one of them."""
    wanted = {key: tensor.shape for key, tensor in network.state_dict().items()}
    found = {key: tensor.shape for key, tensor in tensors.items()}
    different = [key for key in wanted | found if wanted.get(key) != found.get(key)]
    if different:
        raise ValueError(
            f"{name} has other layers now ({different[0]}, for one); train anew with `python "
            f"run_model.py --mode train --network {name}`, or point WEIGHTS at other weights"
        )


def _check_classes(network: nn.Module, card: Card) -> None:
    """Raise ValueError where the card names more classes than the network tells apart."""
    with torch.inference_mode():
        logits = network.eval()(torch.zeros(1, 1, 28, 28)).shape[1]
    if logits - len(card.classes) not in (0, 1):  # 1: what is no digit
        raise ValueError(f"it tells {logits} classes apart, and its card names {card.classes}")


def _refuse_pickles(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except OSError as error:
        raise BadWeights(f"{path} cannot be read: {error.strerror or error}") from error
    # torch.save writes a zip archive around a pickle; older ones and pickle.dump write it bare. A
    # safetensors file may begin as those do, with the length of its header, then a brace.
    if start.startswith(b"PK") or (start[:1] == b"\x80" and start[8:] != b"{"):
        raise BadWeights(
            f"{path} is a pickle, which could run any code when opened, and is refused: "
            "Inkling reads only .safetensors"
        )


def _read_card(path: Path, header: Mapping[str, str]) -> Card:
    foreign = BadWeights(f"{path} was not written by Inkling: its header has no model card")
    if header.get("format") != FORMAT:
        raise foreign
    try:
        # Weights from before refusals have no threshold for them; older ones name no sources.
        stored = {"digit_threshold": "null", "attribution": "[]", **header}
        values = {field.name: json.loads(stored[field.name]) for field in fields(Card)}
        for name in ("classes", "attribution"):
            values[name] = tuple(values[name])
        card = Card(**values)
        usable = (
            isinstance(card.architecture, str)
            and len(card.classes) > 1
            and 0 < card.temperature < 1e3
            and card.std > 0
            and 0 <= card.sure_threshold <= 1
            and (card.digit_threshold is None or math.isfinite(card.digit_threshold))
        )
    except (KeyError, ValueError, TypeError) as error:
        raise foreign from error
    if not usable:
        raise BadWeights(f"{path} has a model card with impossible values: train again")
    return card
