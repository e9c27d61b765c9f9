"""A model card for networks that have learnt nothing."""

from model.networks.registry import BASELINE
from model.weight_files.card import Card

CARD = Card(
    architecture=BASELINE,
    classes=tuple("0123456789"),
    mean=0.1307,
    std=0.3081,
    temperature=1.25,
    sure_threshold=0.9,
    training_data={"MNIST": 48_000},
    seed=3,
    epochs=20,
    metrics={"accuracy": 0.98},
)
