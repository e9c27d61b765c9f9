"""The networks by name, and what is asked of any of them.

Each takes (N, 1, 28, 28) images to (N, classes) logits.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from model.networks.baseline import TwoBlockNetwork
from model.networks.six_convolutions import SixConvolutionNetwork

BASELINE = "two-block"
SIX_CONVOLUTIONS = "six-conv"
CHARACTERS = "characters"  # the same layers, for 62 classes
CONVOLUTIONS, NORMALISATIONS = (nn.Conv1d, nn.Conv2d), (nn.BatchNorm1d, nn.BatchNorm2d)

NETWORKS: dict[str, Callable[[], nn.Module]] = {
    BASELINE: TwoBlockNetwork,
    SIX_CONVOLUTIONS: SixConvolutionNetwork,
    CHARACTERS: partial(SixConvolutionNetwork, classes=62, shapes=160),
}
# Which networks learn which data: the options of `run_model.py --dataset`, each with its default.
READERS: dict[str, tuple[str, ...]] = {
    "digits": (SIX_CONVOLUTIONS, BASELINE),
    "characters": (CHARACTERS,),
}


def build_network(name: str) -> nn.Module:
    """Return a new, untrained network; its weights come from torch's global random state.

    name: a key of `NETWORKS`; ValueError names the known ones for any other.
    """
    if name not in NETWORKS:
        raise ValueError(f"unknown network {name!r}: choose one of {', '.join(sorted(NETWORKS))}")
    return NETWORKS[name]()


def fuse(network: nn.Module) -> nn.Module:
    """Return a copy for prediction alone, with each normalisation inside the convolution before it.

    Its logits are the same up to rounding, in less time. network: in evaluation mode.
    """
    fused = copy.deepcopy(network)
    for block in [module for module in fused.modules() if isinstance(module, nn.Sequential)]:
        for place in range(1, len(block)):
            before, layer = block[place - 1], block[place]
            if isinstance(before, CONVOLUTIONS) and isinstance(layer, NORMALISATIONS):
                block[place - 1] = fuse_conv_bn_eval(before, layer)
                block[place] = nn.Identity()
    return fused


def count_parameters(network: nn.Module) -> int:
    """Return the number of trained numbers in a network (buffers such as running means not)."""
    return sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad)
