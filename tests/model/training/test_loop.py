from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from environment import ROOT
from model.datasets.mnist import CLASSES, Digits, split
from model.networks.registry import BASELINE, SIX_CONVOLUTIONS, build_network
from model.networks.six_convolutions import is_of_branch
from model.training.data import Scans, ScansAndStrokes
from model.training.epoch import predict_logits, train_step
from model.training.loop import TrainingResult, fit
from model.training.options import RECIPES, Mixture, Recipe, TrainingOptions
from tests.model.datasets.scanned_digits import scanned_digits

TRAINING, VALIDATION = split(scanned_digits(), seed=0)
PARTS = {"scans": VALIDATION}


def two_block(**options: Any) -> TrainingOptions:
    return TrainingOptions(network=BASELINE, **options)


SHORT = two_block(epochs=2, batch_size=64)


def weights(result: TrainingResult) -> dict[str, Tensor]:
    return result.network.state_dict()


def are_equal(one: TrainingResult, other: TrainingResult) -> bool:
    return all(torch.equal(tensor, weights(other)[name]) for name, tensor in weights(one).items())


def accuracy(result: TrainingResult, digits: Digits) -> float:
    right = predict_logits(result.network, digits).argmax(1) == digits.labels
    return float(right.double().mean())


@pytest.fixture(scope="module")
def short() -> TrainingResult:
    return fit(Scans(TRAINING), PARTS, SHORT)


def test_a_short_training_reads_handwriting_it_has_not_seen() -> None:
    result = fit(Scans(TRAINING), PARTS, two_block(epochs=12, batch_size=32))

    assert accuracy(result, VALIDATION) > 0.8


def test_a_recipe_may_leave_the_learning_rate_as_it_is(
    short: TrainingResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECIPES, BASELINE, replace(RECIPES[BASELINE], is_one_cycle=False))

    result = fit(Scans(TRAINING), PARTS, SHORT)

    assert {record.learning_rate for record in result.records} == {SHORT.learning_rate}
    assert short.records[-1].learning_rate < 0.1 * SHORT.learning_rate


def test_the_same_seed_gives_the_same_weights(short: TrainingResult) -> None:
    assert are_equal(fit(Scans(TRAINING), PARTS, SHORT), short)


def test_another_seed_gives_other_weights(short: TrainingResult) -> None:
    other = two_block(epochs=2, batch_size=64, seed=1)

    assert not are_equal(fit(Scans(TRAINING), PARTS, other), short)


def test_the_epoch_that_validates_best_is_kept() -> None:
    # A learning rate that destroys what the first epochs learnt.
    result = fit(
        Scans(TRAINING),
        PARTS,
        two_block(epochs=5, batch_size=64, learning_rate=0.2),
    )

    best = max(result.records, key=lambda r: (r.validation_accuracy, -r.validation_loss))
    assert result.best_epoch == best.epoch
    assert accuracy(result, VALIDATION) == pytest.approx(best.validation_accuracy)


def test_every_part_of_the_validation_counts_the_same() -> None:
    few = VALIDATION.take(torch.arange(20))

    result = fit(Scans(TRAINING), {"many": VALIDATION, "few": few}, SHORT)

    for record in result.records:
        shares = record.validation_accuracies
        assert record.validation_accuracy == pytest.approx((shares["many"] + shares["few"]) / 2)
    best = result.records[result.best_epoch - 1]
    assert best.validation_accuracies["many"] == pytest.approx(accuracy(result, VALIDATION))
    assert best.validation_accuracies["few"] == pytest.approx(accuracy(result, few))


@pytest.fixture
def handful(monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """The shipped recipe with a few hundred images, also as what its options mean."""
    recipe = replace(
        RECIPES[SIX_CONVOLUTIONS],
        mixture=Mixture(scans=200, strokes=40),
        branch_mixture=Mixture(scans=30, strokes=30, letters=30, scribbles=30),
    )
    monkeypatch.setitem(RECIPES, SIX_CONVOLUTIONS, recipe)
    return recipe


def with_strangers(recipe: Recipe, seed: int) -> ScansAndStrokes:
    chance = torch.Generator().manual_seed(seed)
    noise = torch.randint(0, 256, (60, 28, 28), generator=chance, dtype=torch.uint8)
    strangers = Digits(noise, torch.full((60,), len(CLASSES)))
    return ScansAndStrokes(TRAINING, TRAINING, strangers, strangers, recipe)


def test_what_is_no_digit_changes_the_branch_and_nothing_else(handful: Recipe) -> None:
    options = TrainingOptions(epochs=1, batch_size=40)

    one, other = (weights(fit(with_strangers(handful, seed), PARTS, options)) for seed in (1, 2))

    for name, tensor in one.items():
        if tensor.is_floating_point():
            assert torch.equal(tensor, other[name]) != is_of_branch(name), name


def test_a_training_with_a_branch_resumes_as_if_there_had_been_no_break(
    handful: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = TrainingOptions(epochs=2, batch_size=40)
    training = with_strangers(handful, 1)
    whole = fit(training, PARTS, options, keep_state_at=tmp_path / "whole")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(
            "model.training.loop._report", lambda record, *_: record.epoch == 2 and stop()
        )
        fit(training, PARTS, options, keep_state_at=tmp_path / "state")
    resumed = fit(training, PARTS, options, keep_state_at=tmp_path / "state", resume=True)

    assert (resumed.ended, len(resumed.records)) == (whole.ended, 2) == ("complete", 2)
    assert are_equal(resumed, whole)
    one, other = (load_file(tmp_path / name) for name in ("whole", "state"))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_break_while_the_branch_learns_leaves_the_digits_and_resumes(
    handful: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = TrainingOptions(epochs=2, batch_size=40)
    training = with_strangers(handful, 1)
    whole = fit(training, PARTS, options)
    state = tmp_path / "state"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("model.training.loop.train_branch_epoch", stop)
        broken_off = fit(training, PARTS, options, keep_state_at=state)
    resumed = fit(training, PARTS, options, keep_state_at=state, resume=True)

    assert (broken_off.ended, resumed.ended) == ("interrupted", "complete")
    assert are_equal(resumed, whole)
    for name, tensor in weights(broken_off).items():
        if tensor.is_floating_point():
            assert torch.equal(tensor, weights(whole)[name]) != is_of_branch(name), name


def test_training_ends_early_without_a_better_epoch() -> None:
    hopeless = TrainingOptions(
        network=BASELINE, epochs=30, batch_size=512, learning_rate=1e-12, patience=2
    )

    result = fit(Scans(TRAINING.take(torch.arange(64))), PARTS, hopeless)

    assert result.ended == "early"
    assert len(result.records) == result.best_epoch + 2 < 30


def test_the_losses_on_record_are_those_of_the_whole_split(short: TrainingResult) -> None:
    record = short.records[short.best_epoch - 1]
    logits = predict_logits(short.network, VALIDATION)

    loss = torch.nn.functional.cross_entropy(logits, VALIDATION.labels)
    assert record.validation_loss == pytest.approx(float(loss), abs=1e-5)
    assert 0 < record.train_accuracy < 1


def test_prediction_leaves_a_network_without_dropout(short: TrainingResult) -> None:
    short.network.train()

    assert torch.equal(
        predict_logits(short.network, VALIDATION), predict_logits(short.network, VALIDATION)
    )


def test_a_kept_state_leaves_the_weights_as_they_come_out_without(
    tmp_path: Path, short: TrainingResult
) -> None:
    assert are_equal(fit(Scans(TRAINING), PARTS, SHORT, keep_state_at=tmp_path / "state"), short)


def test_training_needs_neither_database_nor_widgets_nor_torchvision() -> None:
    foreign = "{'sqlalchemy', 'streamlit', 'torchvision'}"
    modules = "model.training.run, model.evaluation.evaluate"
    code = f"import sys, {modules}; print(*{foreign} & set(sys.modules))"

    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert loaded.split() == []


def test_a_step_in_bfloat16_is_nearly_one_in_float32_and_leaves_weights_in_that() -> None:
    images, labels = torch.randn(32, 1, 28, 28), torch.arange(32) % 11
    losses, steps = [], []
    for is_mixed in (False, True):
        torch.manual_seed(0)
        network = build_network(SIX_CONVOLUTIONS)
        before = network.head.weight.detach().clone()
        optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
        torch.manual_seed(1)  # dropout
        loss, _ = train_step(network, images, labels, optimizer, is_mixed=is_mixed)
        losses.append(float(loss))
        steps.append(network.head.weight.detach() - before)
        assert {p.dtype for p in network.parameters()} == {torch.float32}

    exact, mixed = steps
    assert losses[0] != losses[1]
    assert losses[0] == pytest.approx(losses[1], rel=0.01)
    assert float((exact - mixed).norm() / exact.norm()) < 0.05
