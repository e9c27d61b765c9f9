"""One pass over the training part, and one over the validation part."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from model.augment import random_maps, warp
from model.data import Digits, normalise, to_ink
from model.options import TrainingOptions
from model.schedule import learning_rate_at

EVALUATION_BATCH = 1000
STEPS_PER_REPORT = 20


def train_step(
    network: nn.Module, images: Tensor, labels: Tensor, optimizer: torch.optim.Optimizer
) -> tuple[Tensor, Tensor]:
    """Update the weights once; return the batch's mean loss in nats and how many were right.

    images: float32 (N, 1, 28, 28); labels: int64 (N,). Both results are 0-d tensors.
    """
    logits = network(images)
    loss = functional.cross_entropy(logits, labels)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    right = (logits.detach().argmax(dim=1) == labels).sum()
    return loss.detach(), right  # the caller decides when to wait for the GPU


def predict_logits(network: nn.Module, digits: Digits) -> Tensor:
    """Return the network's logits, float32 (N, 10), on the CPU; dropout is off."""
    network.eval()
    with torch.inference_mode():
        parts = [
            network(normalise(to_ink(images)))
            for images in torch.split(digits.images, EVALUATION_BATCH)
        ]
    return torch.cat(parts).cpu()


def train_epoch(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    training: Digits,
    options: TrainingOptions,
    epoch: int,
) -> tuple[float, float]:
    """Train on every image once, each newly augmented; return the mean loss and the accuracy.

    Everything random depends on the seed and the epoch's number alone, so that an epoch after a
    break is the same as without one.
    """
    torch.manual_seed(options.seed * 10_007 + epoch)  # dropout, on every device
    chance = torch.Generator().manual_seed(options.seed * 10_007 + epoch)
    device = training.labels.device
    order = torch.randperm(len(training), generator=chance).to(device)
    maps = random_maps(len(training), chance).to(device)
    network.train()
    total_loss = torch.zeros((), device=device)
    total_right = torch.zeros((), dtype=torch.int64, device=device)
    seen, size = 0, options.batch_size
    batches = list(zip(torch.split(order, size), torch.split(maps, size), strict=True))
    description = f"epoch {epoch:>{len(str(options.epochs))}}/{options.epochs}"
    with tqdm(
        total=len(training), desc=description, unit=" digits", leave=False, disable=None
    ) as bar:
        for step, (indices, batch_maps) in enumerate(batches):
            progress = (epoch - 1 + step / len(batches)) / options.epochs
            for group in optimizer.param_groups:
                group["lr"] = learning_rate_at(progress, options.learning_rate)
            batch = training.take(indices)
            images = normalise(warp(to_ink(batch.images), batch_maps))
            loss, right = train_step(network, images, batch.labels, optimizer)
            total_loss += loss * len(indices)
            total_right += right
            seen += len(indices)
            bar.update(len(indices))
            if (
                step % STEPS_PER_REPORT == 0 and not bar.disable
            ):  # waits for the GPU, so not at every step
                bar.set_postfix(
                    loss=f"{float(total_loss) / seen:.3f}",
                    accuracy=f"{int(total_right) / seen:.2%}",
                )
    return float(total_loss) / seen, int(total_right) / seen
