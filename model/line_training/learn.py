"""One line network from its first step to its last."""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from model.line_training.batches import Batch, deal
from model.line_training.samples import LineSamples
from model.line_training.spelling import BLANK, greedy, spell
from model.networks.line_networks import PathNetwork, StripNetwork
from model.training.options import has_fast_bfloat16
from model.training.schedule import WARM_UP, learning_rate_at

NETWORKS: dict[str, Callable[[], nn.Module]] = {"strip": StripNetwork, "path": PathNetwork}


GOING_ON = 2 / 3  # of the highest learning rate, where a training goes on from weights


@dataclass(frozen=True)
class LineRecipe:
    """How a line network is trained."""

    epochs: int = 2  # of the strip network; the path network has half as many more
    batch_size: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 0.03
    averaging: float = 0.999  # of the weights that are kept
    clip: float = 2.0  # largest norm of a gradient
    seed: int = 0

    def epochs_of(self, kind: str) -> int:
        """Return the epochs of a network, `strip` or `path`: a line costs the latter less."""
        return int(1.5 * self.epochs) if kind == "path" else self.epochs


@dataclass
class LineEpoch:
    """What an epoch came to."""

    epoch: int
    loss: float  # nats a line, in training
    exact: dict[str, float]  # of each validation part, the share of lines read exactly
    seconds: float


@dataclass
class LineTraining:
    """What a training came to."""

    network: nn.Module
    epochs: list[LineEpoch] = field(default_factory=list)
    is_interrupted: bool = False


def line_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Return the mean of minus the log of each text's probability, in nats (Graves et al., 2006).

    Lines whose text does not fit into their rows, two of one label side by side, count nothing.
    """
    labels, lengths = spell(batch.texts)
    log_shares = logits.float().log_softmax(dim=2).transpose(0, 1)
    losses = functional.ctc_loss(
        log_shares, labels.to(logits.device), batch.rows.to(logits.device),
        lengths.to(logits.device), blank=BLANK, reduction="none", zero_infinity=True,
    )  # fmt: skip
    return losses.mean()


def learn(
    kind: str,
    samples: LineSamples,
    validation: Mapping[str, Sequence[Batch]],
    recipe: LineRecipe,
    device: torch.device,
    tell: Callable[[LineEpoch], object] = lambda epoch: None,
    *,
    start: Mapping[str, Tensor] | None = None,
) -> LineTraining:
    """Return a network that has gone through the samples, with averaged weights, on the CPU.

    kind: `strip` or `path`. start: weights to go on from; then the learning rate begins at two
    thirds of the highest, and falls from the first step on. The same seed and data give the same
    batches. Ctrl-C ends it with what it has by then; `is_interrupted` says so.
    """
    torch.manual_seed(recipe.seed)
    network = NETWORKS[kind]().to(device)
    if start is not None:
        network.load_state_dict(dict(start))
    if kind == "strip":
        network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(network).eval()
    decays = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": decays, "weight_decay": recipe.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=device.type != "mps")
    is_mixed = has_fast_bfloat16(device)
    epochs = recipe.epochs_of(kind)
    steps = epochs * -(-len(samples) // recipe.batch_size)
    result = LineTraining(average)
    done = 0
    try:
        for epoch in range(1, epochs + 1):
            started, total, seen = time.perf_counter(), 0.0, 0
            chance = np.random.default_rng([recipe.seed, 7, epoch])
            network.train()
            with tqdm(
                total=len(samples), desc=f"{kind} {epoch}/{epochs}", unit=" lines",
                leave=False, disable=None,
            ) as bar:  # fmt: skip
                for batch in deal(samples, kind, recipe.batch_size, chance):
                    rate = _rate(done / steps, recipe.learning_rate, is_new=start is None)
                    for group in optimizer.param_groups:
                        group["lr"] = rate
                    with torch.autocast(device.type, torch.bfloat16, enabled=is_mixed):
                        logits = network(batch.inputs.to(device))
                    loss = line_loss(logits, batch)
                    optimizer.zero_grad(set_to_none=True)
                    loss.backward()  # type: ignore[no-untyped-call]
                    nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
                    optimizer.step()
                    done += 1
                    _follow(average, network, min(recipe.averaging, (1 + done) / (10 + done)))
                    total += float(loss.detach()) * len(batch.texts)
                    seen += len(batch.texts)
                    bar.update(len(batch.texts))
                    bar.set_postfix(loss=f"{total / seen:.2f}")
            exact = {name: exactly(average, batches) for name, batches in validation.items()}
            record = LineEpoch(epoch, total / seen, exact, time.perf_counter() - started)
            result.epochs.append(record)
            shares = ", ".join(f"{name} {share:.1%}" for name, share in exact.items())
            print(
                f"{kind} epoch {epoch}/{epochs}  loss {record.loss:.3f}  exact {shares}  "
                f"{record.seconds:.0f} s", flush=True,
            )  # fmt: skip
            tell(record)
    except KeyboardInterrupt:
        if not done:
            raise
        result.is_interrupted = True
        print("interrupted: what was learnt so far is kept", file=sys.stderr)
    result.network = average.cpu().eval()
    return result


def _rate(progress: float, highest: float, *, is_new: bool) -> float:
    if is_new:
        return learning_rate_at(progress, highest)
    return learning_rate_at(WARM_UP + (1 - WARM_UP) * progress, highest * GOING_ON)


def exactly(network: nn.Module, batches: Sequence[Batch]) -> float:
    """Return the share of lines that a network reads exactly, case included, without any prior."""
    device = next(network.parameters()).device
    right = total = 0
    with torch.inference_mode():
        for batch in batches:
            texts = greedy(network(batch.inputs.to(device)).cpu(), batch.rows.tolist())
            right += sum(a == b for a, b in zip(texts, batch.texts, strict=True))
            total += len(texts)
    return right / max(total, 1)


@torch.no_grad()
def _follow(average: nn.Module, network: nn.Module, inertia: float) -> None:
    """Move the averaged weights towards the network's; running means and counts are copied."""
    mine: list[Tensor] = list(average.parameters())
    theirs: list[Tensor] = list(network.parameters())
    torch._foreach_lerp_(mine, theirs, 1 - inertia)
    for own, other in zip(average.buffers(), network.buffers(), strict=True):
        own.copy_(other)
