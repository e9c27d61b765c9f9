from __future__ import annotations

import torch
from torch.nn import functional

from model.training.partial_labels import partial_cross_entropy

LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 0.3]])


def test_a_label_of_one_meaning_costs_what_cross_entropy_does() -> None:
    labels = torch.tensor([0, 2])

    loss = partial_cross_entropy(LOGITS, functional.one_hot(labels, 3).bool())

    assert torch.allclose(loss, functional.cross_entropy(LOGITS, labels))


def test_a_label_of_several_meanings_costs_the_log_of_their_sum() -> None:
    allowed = torch.tensor([[True, True, False], [True, True, True]])

    loss = partial_cross_entropy(LOGITS, allowed)

    assert torch.allclose(loss, -LOGITS[0].softmax(0)[:2].sum().log() / 2)


def test_smoothing_costs_what_smoothed_cross_entropy_does() -> None:
    labels = torch.tensor([0, 2])

    loss = partial_cross_entropy(LOGITS, functional.one_hot(labels, 3).bool(), 0.1)

    assert torch.allclose(loss, functional.cross_entropy(LOGITS, labels, label_smoothing=0.1))


def test_a_label_that_leaves_all_open_teaches_nothing() -> None:
    logits = LOGITS.clone().requires_grad_()

    partial_cross_entropy(logits, torch.ones(2, 3, dtype=torch.bool)).backward()

    assert logits.grad is not None
    assert torch.allclose(logits.grad, torch.zeros(2, 3), atol=1e-7)


def test_which_meaning_is_right_stays_as_the_network_has_it() -> None:
    logits = torch.tensor([[2.0, 0.5, -1.0]], requires_grad=True)

    partial_cross_entropy(logits, torch.tensor([[True, True, False]])).backward()

    assert logits.grad is not None
    pull = logits.grad[0] / logits.detach().softmax(1)[0]
    assert torch.allclose(pull[0], pull[1])
    assert pull[0] < 0 < pull[2]
