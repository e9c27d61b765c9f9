"""What a training is told to do; every default is written here, and only here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import torch

from model.datasets.alphabet import CHARACTERS as ALPHABET
from model.datasets.mnist import CLASSES, VALIDATION_SHARE
from model.networks.registry import BASELINE, CHARACTERS, NETWORKS, SIX_CONVOLUTIONS
from model.reading.calibration import SURE_ACCURACY
from model.synthesis.augment import Variation


class BadOption(ValueError):
    """An option's value makes no sense; the message names the option and what it takes."""


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """How many images of each kind an epoch takes."""

    scans: int  # of MNIST; for characters, of EMNIST as well
    strokes: int  # pen digits, or pen characters
    letters: int = 0  # as what is no digit
    scribbles: int = 0  # and all else that is neither digit nor letter

    @property
    def total(self) -> int:
        """Return how many images an epoch sees."""
        return self.scans + self.strokes + self.letters + self.scribbles

    def without_strokes(self) -> Mixture:
        """Return as many images where nothing is there that a pen recorded."""
        return Mixture(
            scans=self.scans + self.strokes,
            strokes=0,
            letters=0,
            scribbles=self.letters + self.scribbles,
        )


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a network is trained, apart from what the command line decides."""

    epochs: int  # unless the command line says otherwise, as the next two
    batch_size: int
    learning_rate: float
    weight_decay: float
    is_decoupled: bool  # AdamW, where the weights decay by themselves; or else Adam
    label_smoothing: float  # 0..1, how much of each label is shared out over all classes
    averaging: float  # what the running mean of the weights keeps at each step; 0: no mean
    is_one_cycle: bool = True  # or else the learning rate stays what it is
    is_mixed: bool = False  # bfloat16 for what it is exact enough for, where that is fast
    validation_share: float = VALIDATION_SHARE  # of MNIST's training images
    mixture: Mixture | None = None  # what an epoch is made of; None: of MNIST alone
    branch_mixture: Mixture | None = None  # of the branch's own pass; None: there is none
    variation: Variation = field(default_factory=Variation)  # of the mixture's images
    branch_variation: Variation = field(default_factory=Variation)  # of the branch's
    pen_strength: float = 0.4  # of it, next to scans' 1: pen strokes were bent before being drawn
    has_head_start: bool = False  # whether it starts from the shipped digits' layers
    kind: str = "digits"  # what is read, in the plural
    classes: tuple[str, ...] = CLASSES  # label of each logit, but for that of what is none of them
    sure_accuracy: float = SURE_ACCURACY  # how often what is called sure must be right

    def without_strokes(self) -> Recipe:
        """Return the same for where nothing is there that a pen recorded."""
        parts = {
            name: part.without_strokes()
            for name in ("mixture", "branch_mixture")
            if (part := getattr(self, name))
        }
        return replace(self, **parts)


RECIPES = {
    BASELINE: Recipe(
        epochs=20,
        batch_size=128,
        learning_rate=3e-3,
        weight_decay=1e-3,
        is_decoupled=False,
        label_smoothing=0.0,
        averaging=0.0,
    ),
    SIX_CONVOLUTIONS: Recipe(
        epochs=14,
        batch_size=128,
        learning_rate=4e-3,
        weight_decay=5e-2,
        is_decoupled=True,
        label_smoothing=0.05,
        averaging=0.999,
        is_mixed=True,
        validation_share=0.1,
        mixture=Mixture(scans=40_000, strokes=32_000),
        variation=Variation(bend=0),
        branch_mixture=Mixture(scans=8_000, strokes=8_000, letters=8_000, scribbles=10_000),
    ),
    CHARACTERS: Recipe(
        epochs=45,
        batch_size=128,
        learning_rate=4e-3,
        weight_decay=5e-2,
        is_decoupled=True,
        label_smoothing=0.05,
        averaging=0.998,  # an epoch has 235 steps
        is_mixed=True,
        validation_share=0.1,
        mixture=Mixture(scans=12_000, strokes=18_000),
        variation=Variation(bend=0),
        branch_mixture=Mixture(scans=2_000, strokes=4_000, scribbles=4_000),
        has_head_start=True,
        kind="characters",
        classes=tuple(ALPHABET),
        # Of what people wrote at UNIPEN's sites, one character in a hundred is not what its label
        # says: nothing is right more often than that.
        sure_accuracy=0.99,
    ),
}


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """The choices that decide which weights come out. Raises BadOption for impossible ones."""

    network: str = SIX_CONVOLUTIONS
    epochs: int = RECIPES[SIX_CONVOLUTIONS].epochs  # at most
    batch_size: int = RECIPES[SIX_CONVOLUTIONS].batch_size
    learning_rate: float = RECIPES[SIX_CONVOLUTIONS].learning_rate  # the highest of the schedule
    seed: int = 0
    patience: int = 8  # epochs without a better one on validation, after which training ends
    device: str = "auto"  # auto, cpu, cuda or mps

    @property
    def recipe(self) -> Recipe:
        """Return how this network is trained."""
        return RECIPES[self.network]

    def __post_init__(self) -> None:
        """Refuse values that no training could follow."""
        if self.network not in NETWORKS:
            raise BadOption(f"--network must be one of {', '.join(NETWORKS)}, not {self.network}")
        for name in ("epochs", "batch_size", "patience"):
            if getattr(self, name) < 1:
                option = name.replace("_", "-")
                raise BadOption(f"--{option} must be 1 or more, not {getattr(self, name)}")
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise BadOption(f"--learning-rate must be above 0, not {self.learning_rate}")
        if not 0 <= self.seed < 2**32:
            raise BadOption(f"--seed must be from 0 to {2**32 - 1}, not {self.seed}")
        if self.device not in ("auto", "cpu", "cuda", "mps"):
            raise BadOption(f"--device must be auto, cpu, cuda or mps, not {self.device}")


def choose_device(name: str) -> torch.device:
    """Return the device to train on; `auto` takes CUDA or MPS where present, or else the CPU.

    Raises BadOption for one that this machine does not have.
    """
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        name = next(device for device, is_present in present.items() if is_present)
    elif not present[name]:
        raise BadOption(f"--device {name}: this machine, or this build of torch, has none")
    return torch.device(name)


def has_fast_bfloat16(device: torch.device) -> bool:
    """Tell whether the device computes in bfloat16 by itself, where others only imitate it."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return device.type == "cpu" and bool(
        capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
    )
