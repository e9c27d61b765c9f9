from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from model.line_training.batches import to_strips
from model.line_training.learn import LineEpoch, LineRecipe, LineTraining, learn, line_loss
from model.line_training.samples import LineSamples
from model.line_training.spelling import PLACES
from model.networks.line_networks import LABELS
from tests.model.line_training.written import samples

CPU = torch.device("cpu")
RECIPE = LineRecipe(epochs=4, batch_size=4, learning_rate=2e-3)


@pytest.fixture(scope="module")
def some() -> LineSamples:
    return samples("1", "7", "L", "T")


def trained(kind: str, some: LineSamples, recipe: LineRecipe = RECIPE) -> LineTraining:
    return learn(kind, some, {}, recipe, CPU)


@pytest.mark.parametrize("kind", ["strip", "path"])
def test_a_few_steps_lower_the_loss(kind: str, some: LineSamples) -> None:
    result = trained(kind, some)

    assert len(result.epochs) == RECIPE.epochs_of(kind)
    assert result.epochs[-1].loss < result.epochs[0].loss
    assert not result.is_interrupted
    assert not result.network.training


def test_the_same_seed_gives_the_same_network_and_another_one_another(some: LineSamples) -> None:
    short = replace(RECIPE, epochs=1)

    one, two, other = (
        trained("path", some, replace(short, seed=seed)).network.state_dict() for seed in (3, 3, 4)
    )

    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_validation_is_told_after_each_epoch(some: LineSamples) -> None:
    assert some.strips is not None
    told: list[LineEpoch] = []
    validation = {"printed": [to_strips(some.strips, some.texts)]}

    learn("strip", some, validation, replace(RECIPE, epochs=2), CPU, told.append)

    assert [record.epoch for record in told] == [1, 2]
    assert all(0 <= record.exact["printed"] <= 1 for record in told)


def test_an_interruption_keeps_what_was_learnt(
    some: LineSamples, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(record: LineEpoch) -> None:
        raise KeyboardInterrupt

    result = learn("path", some, {}, RECIPE, CPU, interrupt)

    assert result.is_interrupted
    assert len(result.epochs) == 1
    assert "what was learnt so far is kept" in capsys.readouterr().err


def test_an_interruption_before_the_first_step_is_passed_on(
    some: LineSamples, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.line_training.learn.deal", interrupt)

    with pytest.raises(KeyboardInterrupt):
        trained("path", some)


def test_the_loss_is_the_log_of_the_texts_probability_and_padding_counts_nothing(
    some: LineSamples,
) -> None:
    assert some.strips is not None
    batch = replace(to_strips(some.strips[:1], ["1"]), rows=torch.tensor([2]))
    logits = torch.zeros(1, 5, LABELS)
    logits[0, 2:, PLACES["7"]] = 9

    loss = line_loss(logits, batch)

    # Two rows of equal shares: 1 and 1, 1 and blank, blank and 1.
    assert float(loss) == pytest.approx(float(-torch.tensor(3 / LABELS**2).log()))


def test_a_text_that_does_not_fit_costs_nothing(some: LineSamples) -> None:
    assert some.strips is not None
    batch = replace(to_strips(some.strips[:1], ["11"]), rows=torch.tensor([2]))

    assert float(line_loss(torch.zeros(1, 5, LABELS), batch)) == 0


def test_the_path_network_has_half_as_many_epochs_more() -> None:
    recipe = LineRecipe(epochs=4)

    assert (recipe.epochs_of("strip"), recipe.epochs_of("path")) == (4, 6)
