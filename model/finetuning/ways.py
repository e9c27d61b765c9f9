"""How weights may go on from answers: the default way, and the choices that it is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from model.training.options import BadOption

NOTHING, CONVOLUTIONS = "nothing", "convolutions"
FREEZES = (NOTHING, CONVOLUTIONS)
HARDEST, RANDOM, NO_REPLAY = "hardest", "random", "none"
STEPS = 60  # unless there are so many answers that some would hardly be seen
LEAST_PASSES = 2  # over all the answers


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way of fine-tuning; `benchmarks.research.learning` compares several."""

    freeze: str = NOTHING  # or CONVOLUTIONS: the linear layers alone learn
    learning_rate: float = 1e-3
    batch_size: int = 128
    answers_share: float = 1 / 3  # of a batch; the rest is replay
    anew_share: float = 0.5  # of the answers that have strokes: drawn anew, not as they were
    replay: str = HARDEST  # which of MNIST's images: those that the parent is least sure of
    parent_share: float = 0.0  # of the weights in the end: how far they are led back
    learns_statistics: bool = False  # whether batch normalisation goes on learning what is usual

    @property
    def answers_per_step(self) -> int:
        """Return how many images of a batch are answers."""
        if self.replay == NO_REPLAY:
            return self.batch_size
        return min(max(round(self.batch_size * self.answers_share), 1), self.batch_size)

    @property
    def replay_per_step(self) -> int:
        """Return how many images of a batch are replayed."""
        return self.batch_size - self.answers_per_step


@dataclass(frozen=True, kw_only=True)
class FineTuningOptions:
    """What a fine-tuning is told to do. Raises BadOption for what is impossible."""

    way: Way = field(default_factory=Way)
    steps: int | None = None  # None: as many as `steps_for` says
    passes: int | None = None  # over the answers, in place of steps
    seed: int = 0
    device: str = "auto"

    def __post_init__(self) -> None:
        """Refuse values that no fine-tuning could follow."""
        if self.steps is not None and self.passes is not None:
            raise BadOption("--steps and --epochs both say how long to go on: give one of them")
        for name, value in (("steps", self.steps), ("epochs", self.passes)):
            if value is not None and value < 1:
                raise BadOption(f"--{name} must be 1 or more, not {value}")

    def steps_for(self, answers: int) -> int:
        """Return how many steps there will be with so many answers."""
        if self.steps is not None:
            return self.steps
        each_pass = answers / self.way.answers_per_step
        if self.passes is not None:
            return math.ceil(self.passes * each_pass)
        return max(STEPS, math.ceil(LEAST_PASSES * each_pass))
