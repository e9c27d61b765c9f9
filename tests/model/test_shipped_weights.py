"""The shipped weights read scans and drawn digits as the recorded results, and the README, say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import binom

from environment import ROOT
from model import Recogniser
from model.datasets.mnist import CLASSES, load_mnist, normalise, to_ink
from model.errors import BadDrawing
from model.evaluation.breakdown import describe_drawn
from model.evaluation.out_of_distribution import KINDS, stranger
from model.networks.checkpoint import load_weights
from model.pen.drawings import load_pen_drawings
from model.reading.softmax import calibrated, digit_scores
from model.synthesis.canvas_images import Drawn, draw_all, paste_all
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS

RECORDED = json.loads((ROOT / "results" / "classification_report.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def drawn(datasets: Path) -> Drawn:
    """The digits of the test sites, drawn on canvases."""
    if not (datasets / "pen").is_dir():
        pytest.skip(f"there are no pen strokes in {datasets}")
    return draw_all([d for d in load_pen_drawings(datasets, "test") if d.label in CLASSES])


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    recogniser = Recogniser.load(DEFAULT_WEIGHTS)
    assert recogniser.card.version == RECORDED["weights"]["version"]
    return recogniser


@pytest.mark.data
def test_the_shipped_weights_read_as_many_scans_as_recorded(
    recogniser: Recogniser, datasets: Path
) -> None:
    scans = load_mnist(datasets, train=False)

    read = recogniser.probabilities(scans.images.numpy()).argmax(axis=1)

    right = int((read == scans.labels.numpy()).sum())
    assert right == RECORDED["test"]["correct"] >= 9_930


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_weights_refuse_about_as_much_as_recorded(
    recogniser: Recogniser, kind: str
) -> None:
    some = [stranger(kind, np.random.default_rng([1, place])) for place in range(60)]

    accepted = sum(
        not isinstance(answer, BadDrawing) and answer.is_digit
        for answer in recogniser.predict_many(some)
    )

    # As many of 60 by chance as that share allows, once in a thousand times.
    share = 1 - RECORDED["refusal"][kind]["refused_share"]
    assert accepted <= binom.ppf(0.999, 60, max(share, 0.01))


@pytest.mark.data
def test_the_shipped_weights_read_as_many_drawn_digits_as_recorded(
    recogniser: Recogniser, drawn: Drawn
) -> None:
    for name, part in (("pen", drawn), ("complete", drawn.take(drawn.complete))):
        report = describe_drawn(recogniser, part)
        assert report["correct"] == RECORDED[name]["correct"]
        assert report["sure"]["share"] == pytest.approx(RECORDED[name]["sure"]["share"], abs=1e-9)


@pytest.mark.data
@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, BASELINE_WEIGHTS])
def test_the_graph_answers_as_torch_does(weights: Path, drawn: Drawn, datasets: Path) -> None:
    scans = load_mnist(datasets, train=False).images.numpy()
    strange = paste_all(scans[:200])[:, ::-1]  # upside down: some of them are no digits
    canvases = np.concatenate([drawn.inks[drawn.readable], strange])
    recogniser, (network, card) = Recogniser.load(weights), load_weights(weights)
    assert (len(scans), len(canvases) >= 3_000) == (10_000, True)

    for inks in (scans, canvases):
        parts = torch.from_numpy(inks).split(500)
        with torch.inference_mode():
            logits = torch.cat([network(normalise(to_ink(part))) for part in parts]).numpy()
        wanted = calibrated(logits[:, :10], card.temperature)
        read = recogniser.probabilities(inks)

        assert np.array_equal(read.argmax(axis=1), wanted.argmax(axis=1))
        assert np.abs(read - wanted).max() < 1e-4
        sure = wanted.max(axis=1) >= card.sure_threshold
        assert np.array_equal(read.max(axis=1) >= card.sure_threshold, sure)
        if card.digit_threshold is not None:
            is_digit = digit_scores(logits, 10) >= card.digit_threshold
            assert np.array_equal(recogniser.accepts(inks), is_digit)
            assert 0 < np.count_nonzero(~is_digit) < len(inks)
