"""One pass over the training part, and one over the validation part."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from model.datasets.mnist import CLASSES, Digits, normalise, to_ink
from model.networks.six_convolutions import SixConvolutionNetwork, is_of_branch
from model.training.data import TrainingSet
from model.training.options import TrainingOptions, has_fast_bfloat16
from model.training.partial_labels import partial_cross_entropy
from model.training.schedule import learning_rate_at
from model.training.state import TrainingState

EVALUATION_BATCH = 1000
STEPS_PER_REPORT = 20


def train_step(
    read: Callable[[Tensor], Tensor],
    images: Tensor,
    labels: Tensor,
    optimizer: torch.optim.Optimizer,
    label_smoothing: float = 0.0,
    *,
    is_mixed: bool = False,
) -> tuple[Tensor, Tensor]:
    """Update the weights once; return the batch's mean loss in nats and how many were right.

    read: the network, or the part of it that is to learn, from images to logits; images: float32
    (N, 1, 28, 28); labels: int64 (N,), or float32 (N, classes), the share of each class, or bool
    (N, classes), those that are meant, any of which is right; is_mixed: layers in bfloat16, weights
    and loss in float32. Both results are 0-d tensors.
    """
    with torch.autocast(images.device.type, torch.bfloat16, enabled=is_mixed):
        logits = read(images)
    logits = logits.float()
    is_partial = labels.dtype == torch.bool
    loss_of = partial_cross_entropy if is_partial else functional.cross_entropy
    loss = loss_of(logits, labels, label_smoothing=label_smoothing)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    predicted = logits.detach().argmax(dim=1)
    if is_partial:
        right = labels.gather(1, predicted[:, None]).sum()
    else:
        most_likely = labels.argmax(dim=1) if labels.is_floating_point() else labels
        right = (predicted == most_likely).sum()
    return loss.detach(), right  # the caller decides when to wait for the GPU


def predict_logits(network: nn.Module, digits: Digits) -> Tensor:
    """Return the network's logits, float32 (N, classes) or one more, on the CPU; no dropout."""
    network.eval()
    with torch.inference_mode():
        parts = [
            network(normalise(to_ink(images)))
            for images in torch.split(digits.images, EVALUATION_BATCH)
        ]
    return torch.cat(parts).cpu()


def macro_f1(predicted: Tensor, labels: Tensor, classes: int = len(CLASSES)) -> float:
    """Return the F1 of each class, averaged over all of them, 0..1; both: int64 (N,).

    That of a class which is neither there nor predicted counts as 0, as in the test's report.
    """
    right = torch.bincount(labels[predicted == labels], minlength=classes)
    either = torch.bincount(labels, minlength=classes) + torch.bincount(
        predicted, minlength=classes
    )
    return float((2 * right / either.clamp(min=1)).double().mean())


def train_epoch(
    state: TrainingState, training: TrainingSet, options: TrainingOptions, epoch: int
) -> tuple[float, float]:
    """Go through the training set once; return the mean loss and the accuracy.

    A branch for what is no digit stands still: it comes after the digits (`train_branch_epoch`).
    Everything random depends on the seed and the epoch's number alone, so that an epoch after a
    break is the same as without one.
    """
    network = state.network
    if training.for_branch() is None:
        return _go_through(state, training, options, epoch, network)
    assert isinstance(network, SixConvolutionNetwork), "other networks have no branch"
    return _go_through(
        state, training, options, epoch, network.read_digits, lambda name: not is_of_branch(name)
    )


def train_branch_epoch(
    state: TrainingState,
    for_branch: TrainingSet,
    options: TrainingOptions,
    epoch: int,
    reader: SixConvolutionNetwork,
) -> None:
    """Go once through what the branch learns from.

    reader: whose layers the branch is to judge by, in evaluation mode; they learn nothing.
    """
    network = state.network
    assert isinstance(network, SixConvolutionNetwork), "other networks have no branch"
    _go_through(
        state, for_branch, options, epoch, lambda images: network.judge(images, reader),
        is_of_branch, f"no {options.recipe.kind}",
    )  # fmt: skip


def _go_through(
    state: TrainingState,
    training: TrainingSet,
    options: TrainingOptions,
    epoch: int,
    read: Callable[[Tensor], Tensor],
    learns: Callable[[str], bool] = lambda name: True,
    what: str = "",
) -> tuple[float, float]:
    """Train what `read` goes through; return the mean loss and the accuracy.

    learns: which weights that is, by name; what: the pass's name, as the progress bar shows it.
    """
    torch.manual_seed(options.seed * 10_007 + epoch)  # dropout, on every device
    state.network.train()
    optimizer, device = state.optimizer, next(state.network.parameters()).device
    total_loss = torch.zeros((), device=device)
    total_right = torch.zeros((), dtype=torch.int64, device=device)
    seen, steps = 0, -(-len(training) // options.batch_size)
    smoothing = options.recipe.label_smoothing
    is_mixed = options.recipe.is_mixed and has_fast_bfloat16(device)
    what = what or options.recipe.kind
    description = f"epoch {epoch:>{len(str(options.epochs))}}/{options.epochs}, {what}"
    with tqdm(
        total=len(training), desc=description, unit=" images", leave=False, disable=None
    ) as bar:
        for step, (images, labels) in enumerate(training.batches(options, epoch)):
            if options.recipe.is_one_cycle:
                progress = (epoch - 1 + step / steps) / options.epochs
                for group in optimizer.param_groups:
                    group["lr"] = learning_rate_at(progress, options.learning_rate)
            loss, right = train_step(read, images, labels, optimizer, smoothing, is_mixed=is_mixed)
            state.follow(learns)
            total_loss += loss * len(labels)
            total_right += right
            seen += len(labels)
            bar.update(len(labels))
            if (
                step % STEPS_PER_REPORT == 0 and not bar.disable
            ):  # waits for the GPU, so not at every step
                bar.set_postfix(
                    loss=f"{float(total_loss) / seen:.3f}",
                    accuracy=f"{int(total_right) / seen:.2%}",
                )
    return float(total_loss) / seen, int(total_right) / seen
