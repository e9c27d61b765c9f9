from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from model.datasets.mnist import Digits
from model.finetuning.answered import NO_DIGIT, AnsweredDrawing
from model.finetuning.going_on import learn_digits, learn_refusal
from model.finetuning.lessons import Lessons, dealt, hardest, shuffled_together, teach
from model.finetuning.ways import CONVOLUTIONS, Way
from model.networks.checkpoint import load_weights
from model.networks.registry import SIX_CONVOLUTIONS
from model.networks.six_convolutions import SixConvolutionNetwork, is_of_branch
from model.reading.softmax import digit_scores
from model.synthesis.augment import Variation
from model.training.epoch import predict_logits
from model.weight_files.places import DEFAULT_WEIGHTS
from tests.model.datasets.scanned_digits import scanned_digits
from tests.model.finetuning.kept_drawings import some_drawings

CPU = torch.device("cpu")
SMALL = {"batch_size": 24}


@pytest.fixture(scope="module")
def parent() -> nn.Module:
    return load_weights(DEFAULT_WEIGHTS)[0]


def lessons(
    steps: int = 4,
    of_none: Sequence[AnsweredDrawing] = (),
    *,
    seed: int = 0,
    way: Way | None = None,
) -> Lessons:
    way = way or Way(**SMALL)
    answers = teach(some_drawings(2), steps * way.answers_per_step, way, seed, 0.4)
    if of_none:
        answers = shuffled_together(
            [answers, teach(of_none, steps * way.answers_per_step, way, seed, 0.4)], steps
        )
    replayed = dealt(scanned_digits(), steps * way.replay_per_step, seed)
    return Lessons(answers, replayed, steps, Variation(), seed)


def changed(before: nn.Module, after: nn.Module) -> set[str]:
    old, new = before.state_dict(), after.state_dict()
    return {name for name in old if not torch.equal(old[name], new[name])}


def test_all_layers_learn_and_what_is_usual_stays_as_it_was(parent: nn.Module) -> None:
    learnt = learn_digits(parent, lessons(), Way(**SMALL), SIX_CONVOLUTIONS, CPU)

    different = changed(parent, learnt)
    parameters = {name for name, _ in parent.named_parameters() if not is_of_branch(name)}
    assert different == parameters


def test_frozen_convolutions_do_not_change_by_a_bit(parent: nn.Module) -> None:
    way = Way(freeze=CONVOLUTIONS, **SMALL)

    learnt = learn_digits(parent, lessons(way=way), way, SIX_CONVOLUTIONS, CPU)
    refusing = learn_refusal(
        learnt, parent, lessons(4, some_drawings(0, 5), way=way), way, SIX_CONVOLUTIONS, CPU
    )

    assert changed(parent, learnt) == {"head.weight", "head.bias"}
    assert changed(learnt, refusing) == {"refusal_head.weight", "refusal_head.bias"}


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(parent: nn.Module) -> None:
    first, again, other = (
        learn_digits(parent, lessons(seed=seed), Way(**SMALL), SIX_CONVOLUTIONS, CPU)
        for seed in (1, 1, 2)
    )

    assert changed(first, again) == set()
    assert changed(first, other) != set()


def test_the_parent_itself_is_left_alone(parent: nn.Module) -> None:
    before = {name: tensor.clone() for name, tensor in parent.state_dict().items()}

    learn_digits(parent, lessons(), Way(**SMALL), SIX_CONVOLUTIONS, CPU)

    assert all(torch.equal(before[name], tensor) for name, tensor in parent.state_dict().items())
    assert all(parameter.requires_grad for parameter in parent.parameters())


def test_led_half_back_weights_lie_in_the_middle(parent: nn.Module) -> None:
    far = learn_digits(parent, lessons(), Way(**SMALL), SIX_CONVOLUTIONS, CPU)
    half = learn_digits(parent, lessons(), Way(parent_share=0.5, **SMALL), SIX_CONVOLUTIONS, CPU)

    def weights(network: nn.Module) -> Tensor:
        return network.state_dict()["head.weight"]

    assert torch.allclose(weights(half), (weights(far) + weights(parent)) / 2, atol=1e-7)


def test_what_authors_say_is_learnt_whatever_was_read_before(parent: nn.Module) -> None:
    said = [replace(d, label=7) if d.label == 1 else d for d in some_drawings(2)]
    way = Way(answers_share=1, replay="none", **SMALL)
    taught = Lessons(
        teach(said, 40 * 24, way, 0, 0.4), dealt(scanned_digits(), 0, 0), 40, Variation(), 0
    )

    learnt = learn_digits(parent, taught, way, SIX_CONVOLUTIONS, CPU)

    labels = torch.tensor([drawing.label for drawing in said])
    digits = Digits(torch.stack([torch.from_numpy(drawing.ink) for drawing in said]), labels)
    right = predict_logits(learnt, digits)[:, :10].argmax(dim=1) == labels
    assert right[2:4].all()  # the ones
    assert right.float().mean() > 0.8


def test_answers_of_no_digit_are_refused_more_and_the_digits_layers_stand_still(
    parent: nn.Module,
) -> None:
    # What the parent is sure to take for digits: whoever says otherwise has to be believed.
    scores = digit_scores(predict_logits(parent, scanned_digits()).numpy(), 10)
    strange = scanned_digits().take(torch.from_numpy(scores.argsort()[-5:].copy()))
    answered = [AnsweredDrawing(image.numpy(), NO_DIGIT) for image in strange.images]

    learnt = learn_refusal(
        parent, parent, lessons(20, answered), Way(**SMALL), SIX_CONVOLUTIONS, CPU
    )

    assert all(is_of_branch(name) for name in changed(parent, learnt))
    before = digit_scores(predict_logits(parent, strange).numpy(), 10)
    after = digit_scores(predict_logits(learnt, strange).numpy(), 10)
    assert after.mean() < before.mean() - 0.5


def test_what_is_replayed_is_what_the_parent_is_least_sure_of(
    parent: nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.finetuning.lessons.POOL", 50)
    scans = scanned_digits()
    assert isinstance(parent, SixConvolutionNetwork)

    pool = hardest(parent, scans)

    exact = predict_logits(parent, scans)[:, :10].softmax(dim=1).amax(dim=1)
    kept = predict_logits(parent, pool)[:, :10].softmax(dim=1).amax(dim=1)
    assert len(pool) == 50
    assert kept.max() < exact.quantile(0.06)
