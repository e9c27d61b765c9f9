"""How the learning rate runs over a training."""

import math

WARM_UP = 0.15  # share of the training in which the learning rate rises
START = 0.04  # of the highest learning rate


def learning_rate_at(progress: float, highest: float) -> float:
    """Return the learning rate at a share (0..1) of the training: up in a line, down in a cosine.

    Smith and Topin, "Super-convergence", 2018.
    """
    if progress < WARM_UP:
        return highest * (START + (1 - START) * progress / WARM_UP)
    return highest * 0.5 * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP)))
