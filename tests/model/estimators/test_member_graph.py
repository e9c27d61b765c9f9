"""What serves says the same as what was trained, alone and among others."""

from __future__ import annotations

import numpy as np
import pytest

from model.ensemble.member_names import MEMBERS
from model.estimators.member_graph import export_member
from model.estimators.member_kinds import build, logits_of, to_pixels
from model.reading.session import Session
from model.reading.softmax import calibrated
from tests.model.crossval.pools import few

SMALL = {
    "fcnn": {"epochs": 2},
    "cnn": {"epochs": 6, "batch_size": 32},
    "rf": {"n_estimators": 12, "min_samples_split": 6},
    "xgboost": {"n_estimators": 6},
    "svm": {},
}
SVMS = [{"kernel": "linear"}, {"kernel": "poly", "coef0": 1.0}, {"kernel": "sigmoid", "C": 1}]
SVMS += [{"gamma": "scale"}]
CASES = [*((name, SMALL[name]) for name in MEMBERS), *(("svm", params) for params in SVMS)]
TEMPERATURE = 0.7


def scans() -> tuple[np.ndarray, np.ndarray]:
    digits = few(500)
    return digits.images.numpy().reshape(-1, 784), digits.labels.numpy()


@pytest.mark.parametrize(("name", "params"), CASES)
def test_a_graph_says_what_its_member_says_to_a_millionth(name, params) -> None:  # type: ignore[no-untyped-def]
    images, labels = scans()
    pixels = to_pixels(name, images)
    member = build(name, params, seed=0).fit(pixels[:300], labels[:300])

    graph = Session(export_member(name, member, TEMPERATURE))

    said = graph.run(["probabilities"], images)[0]
    alone = [graph.run(["probabilities"], images[it : it + 1])[0][0] for it in range(300, 320)]
    expected = calibrated(logits_of(member, pixels), TEMPERATURE)
    np.testing.assert_allclose(said, expected, atol=1e-6)
    np.testing.assert_allclose(alone, said[300:320], atol=1e-6)
    assert (expected[:300].argmax(axis=1) == labels[:300]).mean() > 0.5


def test_the_same_network_comes_of_the_same_seed() -> None:
    images, labels = scans()
    pixels = to_pixels("cnn", images)

    both = [
        build("cnn", {"epochs": 1}, seed=3).fit(pixels[:200], labels[:200]).logits(pixels[200:220])
        for _ in range(2)
    ]

    assert np.array_equal(*both)
