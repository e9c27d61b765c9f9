"""Where a network looked: which places of a drawing spoke for the class that it was read as."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.ink.preprocess import SIDE_PX, to_input
from model.reading.recogniser import Recogniser


class AttentionUnavailable(Exception):
    """Captum, which finds where a network looked, cannot be used; the message says why."""


def attend(recogniser: Recogniser, ink: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much each pixel spoke for the class that the drawing is read as.

    ink: uint8 (28, 28), from `prepare`. returns: float32 (28, 28), 0 to 1, the largest being 1;
    all 0 where nothing spoke for that class. Source: Grad-CAM (Selvaraju et al., "Grad-CAM: visual
    explanations from deep networks via gradient-based localization", 2017) of the last
    convolution's maps. Raises AttentionUnavailable. Predictions may run meanwhile: this works on a
    copy of the network.
    """
    grad_cam = _load_grad_cam()
    network = _private_copy(recogniser._network)
    # No weight of the copy asks for a gradient, but the way back to its maps has to be known.
    images = to_input(ink[None]).requires_grad_()
    target = int(recogniser.probabilities(ink[None])[0].argmax())
    with torch.enable_grad():
        layer = _last_maps(network, images)
        heat: Tensor = grad_cam(network, layer).attribute(
            images, target=target, relu_attributions=True
        )
    margin = getattr(network, "margin_px", 0)
    inside = SIDE_PX - 2 * margin
    large = nn.functional.interpolate(
        heat.detach(), size=(inside, inside), mode="bilinear", align_corners=False
    )
    large = nn.functional.pad(large, [margin] * 4, mode="replicate")
    largest = large.max()
    scaled: NDArray[np.float32] = (large / largest if largest > 0 else large)[0, 0].numpy()
    return scaled


def _load_grad_cam() -> Any:
    """Return Captum's class; it takes a second to load, and only whoever asks should wait."""
    try:
        from captum.attr import LayerGradCam
    except ImportError as error:
        raise AttentionUnavailable(
            "Captum is missing: run `pip install -r requirements-app.txt`"
        ) from error
    except OSError as error:  # matplotlib, which Captum loads, wants a folder to write to
        raise AttentionUnavailable(
            "Captum cannot be loaded: name a folder that can be written to in MPLCONFIGDIR"
        ) from error
    return LayerGradCam


def _private_copy(network: nn.Module) -> nn.Module:
    """Return a copy that can be hooked and derived without anybody else noticing."""
    own = copy.deepcopy(network).eval().requires_grad_(False)
    for module in own.modules():
        if getattr(module, "inplace", False):  # would overwrite what the gradient is taken at
            module.inplace = False  # type: ignore[assignment]
    return own


def _last_maps(network: nn.Module, images: Tensor) -> nn.Module:
    """Return the layer whose maps are the last ones with a height and a width.

    It belongs to the last convolution, together with the normalisation, the pooling and the ReLU
    that follow it: a convolution's own numbers, of either sign before all that, say little.
    """
    ran: list[nn.Module] = []

    def note(module: nn.Module, _: Any, output: Any) -> None:
        if isinstance(output, Tensor) and output.ndim == 4 and min(output.shape[2:]) > 1:
            ran.append(module)

    layers = [module for module in network.modules() if not list(module.children())]
    hooks = [layer.register_forward_hook(note) for layer in layers]
    # A branch that judges whether it is a digit at all has maps too, which decide nothing here.
    read = getattr(network, "read_digits", network)
    read(images)
    for hook in hooks:
        hook.remove()
    if not any(isinstance(layer, nn.Conv2d) for layer in ran):
        raise AttentionUnavailable("This network has no convolution to look at")
    return ran[-1]
