from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.datasets.idx import DatasetError
from model.errors import WeightsError
from model.finetuning.candidate import Candidate, check_out, fine_tune
from model.finetuning.ways import FineTuningOptions, Way
from model.networks.checkpoint import load_weights
from model.reading.recogniser import Recogniser
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS, pair_of
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.model.finetuning.kept_drawings import some_drawings

TINY = FineTuningOptions(way=Way(batch_size=12), steps=2, seed=5)
ANSWERED_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_as_mnist(tmp_path_factory.mktemp("data"), scanned_digits())


@pytest.fixture(autouse=True)
def few_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.finetuning.no_digit_lessons.POOL", 10)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Candidate:
    drawings = [
        replace(drawing, visitor=str(number % 4), answered_at=ANSWERED_AT)
        for number, drawing in enumerate(some_drawings(2, not_digits=3))
    ]
    folder = tmp_path_factory.mktemp("candidates")
    return fine_tune(DEFAULT_WEIGHTS, drawings, data_dir, TINY, folder=folder)


def test_the_card_names_parent_answers_people_and_days(made: Candidate) -> None:
    _, parent = load_weights(DEFAULT_WEIGHTS)
    _, card = load_weights(made.weights)

    told = card.fine_tuning
    assert told
    assert (told.parent, told.steps, told.seed) == (parent.version, 2, 5)
    assert (told.digits, told.not_digits, told.visitors) == (20, 3, 4)
    assert told.until == "2026-05-01T12:00:00+00:00"
    assert card.training_data == {**parent.training_data, "answers": 23}
    assert (card.seed, card.epochs) == (parent.seed, parent.epochs)
    assert card.attribution == parent.attribution


def test_temperature_and_thresholds_are_fitted_anew(made: Candidate) -> None:
    _, parent = load_weights(DEFAULT_WEIGHTS)

    assert made.card.temperature != parent.temperature
    assert made.card.digit_threshold is not None
    assert made.card.digit_threshold != parent.digit_threshold
    assert {"accuracy", "loss_nats", "sure_share"} <= made.card.metrics.keys()


def test_what_is_left_is_a_whole_pair_under_its_version(made: Candidate) -> None:
    assert made.weights.stem == made.card.version
    assert sorted(made.weights.parent.iterdir()) == sorted(pair_of(made.weights))

    predicted = Recogniser.load(made.weights).predict(some_drawings(1)[7].ink)

    assert predicted.label == "7"


def test_weights_that_went_on_can_be_gone_on_from(made: Candidate, data_dir: Path) -> None:
    folder = made.weights.parent / "next"

    following = fine_tune(made.weights, some_drawings(1), data_dir, TINY, folder=folder)

    assert following.card.fine_tuning
    assert following.card.fine_tuning.parent == made.card.version
    assert following.card.training_data["answers"] == 10


def test_weights_that_refuse_nothing_learn_digits_and_say_so(
    tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawings = some_drawings(1, not_digits=2)

    made = fine_tune(
        BASELINE_WEIGHTS, drawings, data_dir, TINY, folder=tmp_path, out=tmp_path / "mine"
    )

    assert made.weights == tmp_path / "mine"
    assert made.card.digit_threshold is None
    assert "refuses nothing: drawings of no digit teach it nothing" in capsys.readouterr().err


def test_without_pen_strokes_it_says_what_the_thresholds_are_worth(
    tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fine_tune(DEFAULT_WEIGHTS, some_drawings(1), data_dir, TINY, folder=tmp_path)

    assert "fitted on scans alone" in capsys.readouterr().err


def test_without_mnist_nothing_is_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")

    with pytest.raises(DatasetError, match="there is no MNIST"):
        fine_tune(DEFAULT_WEIGHTS, some_drawings(1), tmp_path, TINY, folder=tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_shipped_weights_and_the_parent_are_never_written_over(
    tmp_path: Path, made: Candidate
) -> None:
    for out, parent in (
        (DEFAULT_WEIGHTS, made.weights),
        (BASELINE_WEIGHTS.with_suffix(".onnx"), made.weights),
        (made.weights.with_suffix(".onnx"), made.weights),
    ):
        with pytest.raises(WeightsError, match="would replace"):
            check_out(out, parent)
    with pytest.raises(WeightsError, match="is a folder"):
        check_out(tmp_path, made.weights)
    check_out(tmp_path / "new.safetensors", made.weights)
