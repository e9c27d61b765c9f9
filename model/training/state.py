"""What a training has reached, kept after each epoch so that it can go on after a break."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor, nn

from model.training.options import BadOption, TrainingOptions

FORMAT = "inkling-training-4"


@dataclass(frozen=True, kw_only=True)
class EpochRecord:
    """The figures of one pass over the training part; losses in nats, accuracies 0..1."""

    epoch: int  # from 1
    learning_rate: float  # of the last step
    train_loss: float  # of digits alone, on augmented images, with dropout
    train_accuracy: float  # likewise
    validation_loss: float  # mean over the validation parts, each counting the same
    validation_accuracy: float  # likewise
    validation_accuracies: dict[str, float]  # of each part, by name
    validation_f1: float | None = None  # mean over classes and parts; None in older histories
    seconds: float


@dataclass
class TrainingState:
    """A network in training with everything that its next epoch depends on."""

    network: nn.Module
    optimizer: torch.optim.Adam
    average: nn.Module | None = None  # the running mean of the weights, where the recipe has one
    averaging: float = 0.0  # what it keeps at each step
    steps: int = 0  # how many there were
    records: list[EpochRecord] = field(default_factory=list)
    best_epoch: int = 0  # 0: none yet
    best_weights: dict[str, Tensor] = field(default_factory=dict)

    @property
    def judged(self) -> nn.Module:
        """Return the network that is validated and kept: the mean, where there is one."""
        return self.network if self.average is None else self.average

    def follow(self, learns: Callable[[str], bool] = lambda name: True) -> None:
        """Take a step's weights into the running mean; at first it follows faster.

        Batch normalisation's running statistics are averaged as the weights are. learns: which
        weights the step was about, by name; of the others the mean stays what it is.
        """
        self.steps += 1
        if self.average is None:
            return
        share = 1 - min(self.averaging, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            now = self.network.state_dict()
            for name, mean in self.average.state_dict().items():
                if learns(name) and mean.is_floating_point():
                    mean.lerp_(now[name], share)
                elif learns(name):
                    mean.copy_(now[name])

    def keep_if_best(self) -> bool:
        """Copy the weights if the last epoch was the best so far on validation; say whether."""
        if self.best_epoch and _rank(self.records[-1]) <= _rank(self.records[self.best_epoch - 1]):
            return False
        self.best_weights = copy_weights(self.judged)
        self.best_epoch = self.records[-1].epoch
        return True


def copy_weights(network: nn.Module) -> dict[str, Tensor]:
    """Return the network's weights as they are now, on the CPU."""
    return {
        name: tensor.detach().cpu().contiguous().clone()
        for name, tensor in network.state_dict().items()
    }


def _rank(record: EpochRecord) -> tuple[float, float]:
    return record.validation_accuracy, -record.validation_loss


def state_path(weights_path: Path) -> Path:
    """Return where the state of a training lies that will write these weights."""
    return weights_path.with_suffix(".training.safetensors")


def save_state(path: Path, state: TrainingState, options: TrainingOptions) -> None:
    """Write the state, whole or not at all; raises OSError where it cannot be written."""
    tensors = {f"network.{k}": v for k, v in state.network.state_dict().items()}
    if state.average is not None:
        tensors |= {f"average.{k}": v for k, v in state.average.state_dict().items()}
    tensors |= {f"best.{k}": v for k, v in state.best_weights.items()}
    for index, moments in state.optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{k}": v for k, v in moments.items()}
    header = {
        "format": FORMAT,
        "options": json.dumps(_choices(options)),
        "records": json.dumps([asdict(record) for record in state.records]),
        "best_epoch": json.dumps(state.best_epoch),
        "steps": json.dumps(state.steps),
    }
    content = to_bytes({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, header)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_state(path: Path, state: TrainingState, options: TrainingOptions) -> None:
    """Bring a fresh state to where an earlier training with the same options had got.

    Raises BadOption where there is none, where it cannot be read, or where it was begun with other
    options: what comes out would be neither the one training nor the other.
    """
    if not path.is_file():
        raise BadOption(f"--resume: there is no unfinished training at {path}; start without it")
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
        if header.get("format") != FORMAT:
            raise ValueError("it is no training of this version's")
        begun = json.loads(header["options"])
        different = [k for k, v in _choices(options).items() if begun[k] != v]
        if different:
            wanted = " ".join(f"--{name.replace('_', '-')} {begun[name]}" for name in different)
            raise BadOption(f"--resume: that training was begun with {wanted}; give the same")
        records = [EpochRecord(**record) for record in json.loads(header["records"])]
        state.network.load_state_dict(_under("network", tensors))
        if state.average is not None:
            state.average.load_state_dict(_under("average", tensors))
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _under("optimizer", tensors).items():
            index, _, key = name.partition(".")
            moments.setdefault(int(index), {})[key] = tensor
        parameters = list(state.network.parameters())
        for number, own in moments.items():  # what stood still has none
            # The fused optimizer walks through memory: moments must lie there as the weights do.
            for key in ("exp_avg", "exp_avg_sq"):
                own[key] = torch.empty_like(parameters[number]).copy_(own[key])
        state.optimizer.load_state_dict(state.optimizer.state_dict() | {"state": moments})
        state.best_weights = _under("best", tensors)
        state.best_epoch, state.records = json.loads(header["best_epoch"]), records
        state.steps = json.loads(header["steps"])
    except BadOption:
        raise
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise BadOption(f"--resume: {path} cannot be used ({error}); start without it") from error


def _choices(options: TrainingOptions) -> dict[str, int | float | str]:
    """Return what decides which weights come out, the machine aside."""
    names = [choice.name for choice in fields(TrainingOptions) if choice.name != "device"]
    return {name: getattr(options, name) for name in names}


def _under(part: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    start = f"{part}."
    return {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}
