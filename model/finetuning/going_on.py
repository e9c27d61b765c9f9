"""The steps of fine-tuning: a network and lessons in, the network that has learnt from them out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from model.datasets.mnist import CLASSES
from model.finetuning.lessons import Lessons, digits_of
from model.finetuning.ways import CONVOLUTIONS, Way
from model.networks.registry import fuse
from model.networks.six_convolutions import SixConvolutionNetwork, is_of_branch
from model.training.epoch import train_step
from model.training.options import RECIPES, has_fast_bfloat16

Note = Callable[[int, dict[str, float]], object]  # of a step, counted from 1, and its figures

STEPS_PER_NOTE = 10
WARM_UP = 0.1  # share of the steps in which the learning rate rises
MEAN_FROM = 0.5  # share of the steps after which weights are taken into the mean


def learn_digits(
    parent: nn.Module,
    lessons: Lessons,
    way: Way,
    architecture: str,
    device: torch.device,
    note: Note = lambda step, figures: None,
) -> nn.Module:
    """Return a network that goes on from the parent, in evaluation mode on the CPU.

    Answers are learnt as their authors said; what is replayed, as the parent reads it: Hinton et
    al., "Distilling the knowledge in a neural network", 2015. What comes out is the mean of the
    later steps' weights. A branch for what is no digit stands still (`learn_refusal`). note:
    is told how it goes, every few steps.
    """
    network = _begin(parent, device)
    teacher = fuse(_begin(parent, device))
    read = digits_of(network)
    read_as_parent = digits_of(teacher)
    _take_steps(
        network,
        read,
        lambda images: read_as_parent(images).softmax(dim=1),
        lessons,
        [name for name in _learning(network, way) if not is_of_branch(name)],
        way,
        architecture,
        "fine-tuning",
        note,
    )
    return _led_back(network, parent, way)


def learn_refusal(
    network: nn.Module,
    parent: nn.Module,
    lessons: Lessons,
    way: Way,
    architecture: str,
    device: torch.device,
) -> nn.Module:
    """Return the network with a branch for what is no digit that fits its other layers.

    network: from `learn_digits`; of its layers, the branch's alone learn. What is replayed is
    refused as far as the parent refuses it.
    """
    begun = _begin(network, device)
    reader, teacher = fuse(_begin(network, device)), fuse(_begin(parent, device))
    assert isinstance(begun, SixConvolutionNetwork), "other networks have no branch"
    assert isinstance(reader, SixConvolutionNetwork), "other networks have no branch"

    def refuse_as_parent(images: Tensor) -> Tensor:
        """Return the reader's digits, with as much left for no digit as the parent leaves."""
        nothing = teacher(images).softmax(dim=1)[:, len(CLASSES) :]
        digits = reader.read_digits(images).softmax(dim=1)
        return torch.cat([digits * (1 - nothing), nothing], dim=1)

    _take_steps(
        begun,
        lambda images: begun.judge(images, reader),
        refuse_as_parent,
        lessons,
        [name for name in _learning(begun, way) if is_of_branch(name)],
        way,
        architecture,
        "no digits",
    )
    return _at_rest(begun)


def _take_steps(
    network: nn.Module,
    read: Callable[[Tensor], Tensor],
    as_parent: Callable[[Tensor], Tensor],
    lessons: Lessons,
    names: Iterable[str],
    way: Way,
    architecture: str,
    what: str,
    note: Note = lambda step, figures: None,
) -> None:
    """Train the parameters of these names; leave the mean of what they were in the later steps."""
    own = dict(network.named_parameters())
    learning = {name: own[name] for name in names}
    for name, parameter in own.items():
        parameter.requires_grad_(name in learning)
    device = next(iter(own.values())).device
    optimizer = torch.optim.Adam(
        learning.values(), lr=way.learning_rate, fused=device.type != "mps"
    )
    recipe = RECIPES[architecture]
    is_mixed = recipe.is_mixed and has_fast_bfloat16(device)
    mean = {name: torch.zeros_like(parameter) for name, parameter in learning.items()}
    taken = 0
    if way.learns_statistics:
        network.train()
    with tqdm(
        lessons.batches(), what, lessons.steps, unit=" steps", leave=False, disable=None
    ) as bar:
        for step, (images, labels) in enumerate(bar):
            images, labels = images.to(device), labels.to(device)
            rise = min((step + 1) / max(lessons.steps * WARM_UP, 1), 1)
            for group in optimizer.param_groups:
                group["lr"] = way.learning_rate * rise
            with torch.no_grad():
                said = as_parent(images[len(labels) :])
            targets = _smoothed(labels, said.shape[1], recipe.label_smoothing)
            loss, right = train_step(
                read, images, torch.cat([targets, said]), optimizer, is_mixed=is_mixed
            )
            if (step + 1) % STEPS_PER_NOTE == 0:
                figures = {"train_loss": float(loss), "train_accuracy": int(right) / len(images)}
                note(step + 1, figures | {"learning_rate": way.learning_rate * rise})
            if step >= int(lessons.steps * MEAN_FROM):
                taken += 1
                with torch.no_grad():
                    for name, parameter in learning.items():
                        mean[name] += (parameter - mean[name]) / taken
    network.load_state_dict(network.state_dict() | mean)
    network.eval().requires_grad_(True)


def _smoothed(labels: Tensor, classes: int, smoothing: float) -> Tensor:
    """Return the share of each class that labels stand for, as training smooths them."""
    targets = functional.one_hot(labels, classes).float()
    return targets * (1 - smoothing) + smoothing / classes


def _begin(network: nn.Module, device: torch.device) -> nn.Module:
    """Return a copy on the device in evaluation mode, so that what is usual stays what it was.

    Statistics of normalisation that go on learning from a few answers' batches cost more of what
    was read before than all other choices together.
    """
    begun = copy.deepcopy(network).to(device).eval()
    if device.type != "mps":
        begun = begun.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return begun


def _learning(network: nn.Module, way: Way) -> list[str]:
    """Return the names of the parameters that learn this way."""
    if way.freeze != CONVOLUTIONS:
        return [name for name, _ in network.named_parameters()]
    return [
        f"{name}.{own}"
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear)
        for own, _ in module.named_parameters(recurse=False)
    ]


def _led_back(network: nn.Module, parent: nn.Module, way: Way) -> nn.Module:
    """Return the network on the CPU, led back to its parent as far as the way says."""
    network = _at_rest(network)
    if way.parent_share:
        old, new = parent.state_dict(), network.state_dict()
        network.load_state_dict(
            {
                name: torch.lerp(new[name], old[name], way.parent_share)
                if new[name].is_floating_point()
                else new[name]
                for name in new
            }
        )
    return network


def _at_rest(network: nn.Module) -> nn.Module:
    return cast(
        nn.Module,
        network.cpu().to(memory_format=torch.contiguous_format),  # type: ignore[call-overload]
    )
