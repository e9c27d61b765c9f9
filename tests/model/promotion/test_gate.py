"""The gate with real weights: who passes, who does not, and what is never read."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.believing.believe import Believed, believe
from model.believing.opinion import ask
from model.believing.statements import Answered
from model.datasets.mnist import split
from model.pen.drawings import PenDrawing
from model.promotion.comparison import Part
from model.promotion.gate import gate, judge
from model.promotion.gate_report import NO_WORSE, WORSE, Report
from model.promotion.yardsticks import Yardsticks, gather
from model.reading.recogniser import Recogniser
from model.training.options import RECIPES
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from tests.model.believing.answers_of_visitors import an_answer
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.model.finetuning.kept_drawings import SEVEN

VISITORS, EACH = 100, 10


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_as_mnist(tmp_path_factory.mktemp("data"), scanned_digits())


@pytest.fixture(autouse=True)
def few_scribbles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.promotion.yardsticks.SCRIBBLES", 20)


@pytest.fixture(scope="module")
def shipped() -> Recogniser:
    return Recogniser.load(DEFAULT_WEIGHTS)


def made_up(wrong_by: np.ndarray) -> list[Answered]:
    """Return ten answers of each of a hundred visitors, so far beside the truth."""
    digits = scanned_digits()
    return [
        an_answer(
            n, visitor=f"made-up {n // EACH}", ink=digits.images[n].numpy(),
            label=int(digits.labels[n] + wrong_by[n]) % 10,
        )
        for n in range(VISITORS * EACH)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def deceived(shipped: Recogniser) -> Believed:
    """What is believed of a hundred visitors who all call every digit by the next one's name."""
    return believe(made_up(np.ones(VISITORS * EACH, int)), partial(ask, shipped))


class Persuaded(Recogniser):
    """The shipped weights, persuaded to call one digit in so many by the next one's name."""

    one_in = 1

    def logits(self, inks: NDArray[np.uint8]) -> NDArray[np.float64]:
        said = super().logits(inks)
        said[:: self.one_in, :10] = np.roll(said[:: self.one_in, :10], 1, axis=1)
        return said


@pytest.mark.parametrize("one_in", [1, 40])
def test_a_candidate_that_a_hundred_made_up_visitors_persuaded_does_not_pass(
    one_in: int, deceived: Believed, shipped: Recogniser, data_dir: Path
) -> None:
    candidate = Persuaded.load(DEFAULT_WEIGHTS)
    assert isinstance(candidate, Persuaded)
    candidate.one_in = one_in

    report = gate(shipped, candidate, deceived, data_dir)

    assert report.verdict == WORSE
    assert "MNIST, read right" in {row.name for row in report.rows if not row.passed}


def test_weights_that_read_the_same_are_no_worse_and_not_better(
    deceived: Believed, shipped: Recogniser, data_dir: Path
) -> None:
    report = gate(shipped, shipped, deceived, data_dir)

    assert report.verdict == NO_WORSE
    assert report.parent == report.candidate == shipped.card.version
    assert [row.difference for row in report.rows] == [0] * len(report.rows)
    assert Report.from_json(report.to_json()) == report
    assert report.believed == deceived.counts()


def test_weights_that_refuse_nothing_do_not_pass_where_others_refuse(
    deceived: Believed, shipped: Recogniser, data_dir: Path
) -> None:
    report = gate(shipped, Recogniser.load(BASELINE_WEIGHTS), deceived, data_dir)

    (row,) = [row for row in report.rows if row.name == "scribbles, refused"]
    assert (row.now, row.passed) == (0, False)
    assert report.verdict == WORSE


def test_without_answers_nothing_shows_that_it_is_better(shipped: Recogniser) -> None:
    yardsticks = Yardsticks({"MNIST": Part(np.zeros((10, 28, 28), np.uint8), np.arange(10))}, {})

    report = judge(shipped, shipped, Believed([]), yardsticks)

    assert report.verdict == NO_WORSE
    assert "no live test yet" in report.reasons[0]


def test_of_mnist_the_part_is_read_that_these_weights_were_validated_on(
    shipped: Recogniser, data_dir: Path
) -> None:
    digits = scanned_digits()
    training = digits.take(np.arange(len(digits) - 300))  # what `write_as_mnist` calls training
    recipe = RECIPES[shipped.card.architecture]
    _, kept_back = split(training, shipped.card.seed, recipe.validation_share)

    read = gather(shipped.card, data_dir)

    assert np.array_equal(read.digits["MNIST"].inks, kept_back.images.numpy())
    assert read.strangers.keys() == {"scribbles"}


def test_of_pen_strokes_the_validation_sites_alone_are_asked_for(
    shipped: Recogniser, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def remember(_: Path, part: str) -> list[PenDrawing]:
        asked.append(part)
        return [
            PenDrawing("A", "somebody", "val", SEVEN),
            PenDrawing("7", "somebody", "val", SEVEN),
        ]

    for module in ("model.promotion.yardsticks", "model.training.validation"):
        monkeypatch.setattr(f"{module}.load_pen_drawings", remember)

    read = gather(shipped.card, data_dir)

    assert set(asked) == {"validation"}
    assert {name: len(part.labels) for name, part in read.digits.items()}["pen"] == 1
    assert len(read.strangers["letters"]) == 1
