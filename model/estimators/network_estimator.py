"""Networks as scikit-learn takes classifiers: parameters, `fit`, `predict_proba`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from torch import Tensor, nn

from model.datasets.mnist import CLASSES, normalise
from model.networks.fully_connected import FullyConnectedNetwork
from model.networks.registry import fuse
from model.networks.six_convolutions import SixConvolutionNetwork
from model.synthesis.augment import Variation, vary
from model.training.epoch import EVALUATION_BATCH, train_step
from model.training.options import choose_device, has_fast_bfloat16
from model.training.schedule import learning_rate_at

NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "cnn": SixConvolutionNetwork,
    "fcnn": FullyConnectedNetwork,
}
# Of 128 images a step; the highest learning rate grows with the root of their number.
LEARNING_RATES = {"adam": 4e-3, "rmsprop": 1e-3, "sgd": 5e-2}
USUAL_BATCH = 128
LABEL_SMOOTHING = {"cnn": 0.05, "fcnn": 0.02}
WEIGHT_DECAY = {"cnn": 5e-2, "fcnn": 1e-2}
# How far images are changed, of what `vary` does: few weights learn little of much variety.
STRENGTH = {"cnn": 1.0, "fcnn": 0.5}
_one_at_a_time = threading.Lock()  # torch's random numbers are one process's, not one thread's


class StoppedTraining(Exception):
    """Whoever asked for a training no longer wants it."""


class NetworkClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A network, trained on a cosine of learning rates with images that vary from epoch to epoch.

    kind: `cnn`, six convolutions, or `fcnn`, two hidden layers. learning_rate: the highest; None
    for what suits optimizer and batch. threads: None for all of torch's. device: where it trains.
    The same parameters and data give the same weights, on as many threads of the same processor.
    """

    def __init__(
        self,
        kind: str = "cnn",
        batch_size: int = 64,
        epochs: int = 10,
        optimizer: str = "adam",
        learning_rate: float | None = None,
        seed: int = 0,
        threads: int | None = 1,
        device: str = "cpu",
    ) -> None:
        """Keep the parameters, as scikit-learn wants it: unchecked, under their names."""
        self.kind = kind
        self.batch_size = batch_size
        self.epochs = epochs
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.seed = seed
        self.threads = threads
        self.device = device

    def fit(
        self,
        X: NDArray[np.float32],
        y: NDArray[np.int64],
        *,
        tell: Callable[[int], object] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Self:
        """Train on pixels, (N, 784), 0 = paper, 1 = full ink, and labels 0 to 9, (N,).

        tell: gets the number of each epoch that is done. should_stop: asked before each epoch;
        StoppedTraining follows a yes.
        """
        device = choose_device(self.device)
        with _alone(self.threads), torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            network = NETWORKS[self.kind]().to(device)
            if device.type != "mps" and self.kind == "cnn":
                network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            ink = torch.from_numpy(np.asarray(X, np.float32)).view(-1, 1, 28, 28).to(device)
            labels = torch.from_numpy(np.asarray(y, np.int64)).to(device)
            optimizer = self._optimizer(network)
            for epoch in range(self.epochs):
                if should_stop is not None and should_stop():
                    raise StoppedTraining
                self._go_through(network, optimizer, ink, labels, epoch)
                if tell is not None:
                    tell(epoch + 1)
            self.network_ = fuse(network.cpu().eval())
        self.classes_ = np.arange(len(CLASSES))
        self.n_features_in_ = 784
        return self

    def _optimizer(self, network: nn.Module) -> torch.optim.Optimizer:
        parameters = [
            parameter for name, parameter in network.named_parameters() if "refusal" not in name
        ]
        highest = self.highest_learning_rate
        if self.optimizer == "adam":
            groups: list[dict[str, Any]] = [
                {"params": [it for it in parameters if it.ndim > 1]},
                # Biases and normalisation do not decay.
                {"params": [it for it in parameters if it.ndim <= 1], "weight_decay": 0.0},
            ]
            return torch.optim.AdamW(
                groups,
                lr=highest,
                weight_decay=WEIGHT_DECAY[self.kind],
            )
        if self.optimizer == "rmsprop":
            return torch.optim.RMSprop(parameters, lr=highest)
        return torch.optim.SGD(
            parameters, lr=highest, momentum=0.9, nesterov=True, weight_decay=5e-4
        )

    @property
    def highest_learning_rate(self) -> float:
        """Return the highest learning rate of the schedule."""
        if self.learning_rate is not None:
            return self.learning_rate
        return float(LEARNING_RATES[self.optimizer] * (self.batch_size / USUAL_BATCH) ** 0.5)

    def _go_through(
        self,
        network: nn.Module,
        optimizer: torch.optim.Optimizer,
        ink: Tensor,
        labels: Tensor,
        epoch: int,
    ) -> None:
        network.train()
        read = network.read_digits if isinstance(network, SixConvolutionNetwork) else network
        chance = torch.Generator().manual_seed(self.seed * 10_007 + epoch)
        is_mixed = self.kind == "cnn" and has_fast_bfloat16(ink.device)
        parts = torch.split(torch.randperm(len(ink), generator=chance), self.batch_size)
        # A lone image has no spread that normalisation could learn from.
        parts = tuple(part for part in parts if len(part) > 1)
        strengths = torch.full((self.batch_size,), STRENGTH[self.kind])
        for step, places in enumerate(parts):
            progress = (epoch + step / len(parts)) / self.epochs
            for group in optimizer.param_groups:
                group["lr"] = learning_rate_at(progress, self.highest_learning_rate)
            there = places.to(ink.device)
            varied = vary(ink[there], strengths[: len(there)], chance, Variation(bend=0))
            train_step(
                read, normalise(varied), labels[there], optimizer,
                LABEL_SMOOTHING[self.kind], is_mixed=is_mixed,
            )  # fmt: skip

    def logits(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the network's logits, float32 (N, 10)."""
        reading = self.reading()
        with _alone(self.threads), torch.inference_mode():
            parts = [
                reading(torch.from_numpy(np.asarray(X[start : start + EVALUATION_BATCH])))
                for start in range(0, len(X), EVALUATION_BATCH)
            ]
            return np.asarray(torch.cat(parts).numpy())

    def reading(self) -> nn.Module:
        """Return what makes logits of pixels, float32 (N, 784), 0 to 1."""
        return _Reading(self.network_).eval()

    def predict_proba(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return probabilities, (N, 10), as they are before calibration."""
        logits = self.logits(X).astype(np.float64)
        shares: NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return shares

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the likeliest digits, (N,)."""
        digits: NDArray[np.int64] = self.logits(X).argmax(axis=1)
        return digits

    def __sklearn_is_fitted__(self) -> bool:
        """Tell whether there is a trained network."""
        return hasattr(self, "network_")

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that this is a classifier."""
        return super().__sklearn_tags__()


class _Reading(nn.Module):
    """A network from pixels to logits of the digits, its branch for what is none left out."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: Tensor) -> Tensor:
        images = normalise(pixels.reshape(-1, 1, 28, 28))
        if isinstance(self.network, SixConvolutionNetwork):
            return self.network.read_digits(images)
        logits: Tensor = self.network(images)
        return logits


@contextmanager
def _alone(threads: int | None) -> Iterator[None]:
    """Have torch to oneself, on so many threads: sums over several depend on how many they are."""
    with _one_at_a_time:
        before = torch.get_num_threads()
        if threads is not None:
            torch.set_num_threads(threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)
