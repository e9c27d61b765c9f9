from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from model.networks.baseline import conv_block
from model.networks.registry import (
    BASELINE,
    CHARACTERS,
    NETWORKS,
    READERS,
    SIX_CONVOLUTIONS,
    build_network,
    count_parameters,
    fuse,
)
from model.networks.six_convolutions import SixConvolutionNetwork, SmoothedMaxPool2d, is_of_branch
from model.weight_files.tensors import digest_of

FIRST_WEIGHTS = "433860b5"  # of the digits' network at seed 0: others would be another training


def test_the_baseline_has_the_layers_its_users_know() -> None:
    layers = [layer for layer in build_network(BASELINE).modules() if not list(layer.children())]

    convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    linear = [layer for layer in layers if isinstance(layer, nn.Linear)]
    assert [(c.in_channels, c.out_channels, c.kernel_size) for c in convolutions] == [
        (1, 16, (3, 3)),
        (16, 32, (3, 3)),
    ]
    assert [(layer.in_features, layer.out_features) for layer in linear] == [(1568, 64), (64, 10)]
    assert [layer.p for layer in layers if isinstance(layer, nn.Dropout2d)] == [0.25, 0.25]
    assert [layer.p for layer in layers if isinstance(layer, nn.Dropout)] == [0.5]
    assert sum(isinstance(layer, nn.BatchNorm2d) for layer in layers) == 2
    assert sum(isinstance(layer, nn.MaxPool2d) for layer in layers) == 2


@pytest.mark.parametrize(("name", "logits"), [("two-block", 10), ("six-conv", 11)])
def test_a_network_gives_a_logit_for_every_class_and_one_more_where_it_can_refuse(
    name: str, logits: int
) -> None:
    assert build_network(name)(torch.zeros(3, 1, 28, 28)).shape == (3, logits)


def test_what_is_no_digit_teaches_the_layers_that_read_digits_nothing() -> None:
    network = build_network(SIX_CONVOLUTIONS)
    images, no_digits = torch.randn(8, 1, 28, 28), torch.full((8,), 10)

    functional.cross_entropy(network(images), no_digits).backward()

    slopes = {
        name: 0.0 if weight.grad is None else float(weight.grad.abs().max())
        for name, weight in network.named_parameters()
    }
    taught = {name.split(".")[0] for name, slope in slopes.items() if slope > 1e-6}
    assert taught == {"refusal", "refusal_head"}


def test_the_digits_alone_are_read_as_with_the_branch() -> None:
    network = SixConvolutionNetwork().eval()
    images = torch.randn(5, 1, 28, 28)

    with torch.no_grad():
        torch.testing.assert_close(network.read_digits(images), network(images)[:, :10])


def test_a_branch_judges_what_another_network_reads_and_teaches_it_nothing() -> None:
    network, reader = SixConvolutionNetwork(), SixConvolutionNetwork().eval()
    images = torch.randn(8, 1, 28, 28)

    logits = network.judge(images, reader)
    functional.cross_entropy(logits, torch.arange(8) + 3).backward()

    torch.testing.assert_close(logits[:, :10], reader.read_digits(images))
    taught = {name for name, weight in network.named_parameters() if weight.grad is not None}
    assert taught == {name for name, _ in network.named_parameters() if is_of_branch(name)}
    assert all(weight.grad is None for weight in reader.parameters())


@pytest.mark.parametrize(("dataset", "most"), [("digits", 350_000), ("characters", 650_000)])
def test_no_network_has_more_parameters_than_its_dataset_may_cost(dataset: str, most: int) -> None:
    sizes = [count_parameters(build_network(name)) for name in READERS[dataset]]

    assert max(sizes) <= most


def test_every_network_reads_one_dataset() -> None:
    assert sorted(name for names in READERS.values() for name in names) == sorted(NETWORKS)


def test_the_network_of_characters_tells_62_classes_and_what_is_none_of_them() -> None:
    network = build_network(CHARACTERS).eval()

    with torch.no_grad():
        logits = network(torch.zeros(3, 1, 28, 28))

    assert logits.shape == (3, 63)


def test_the_digits_network_starts_from_the_weights_that_it_always_had() -> None:
    torch.manual_seed(0)
    tensors = build_network(SIX_CONVOLUTIONS).state_dict()

    digest = digest_of({name: tensor.numpy() for name, tensor in tensors.items()})

    assert digest.startswith(FIRST_WEIGHTS)


def test_smoothed_pooling_weighs_the_largest_of_three_by_three_squares_of_two_by_two() -> None:
    images = torch.randn(2, 3, 12, 8)

    pooled = SmoothedMaxPool2d(3)(images)

    largest = functional.max_pool2d(images, 2, stride=1)[1, 2]  # of one map, away from its edges
    row, column = 2, 1
    around = largest[2 * row - 1 : 2 * row + 2, 2 * column - 1 : 2 * column + 2]
    weights = torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    assert pooled.shape == (2, 3, 6, 4)
    torch.testing.assert_close(pooled[1, 2, row, column], (around * weights).sum())
    even = SmoothedMaxPool2d(1)(torch.ones(1, 1, 8, 8))[0, 0, 1:-1, 1:-1]
    torch.testing.assert_close(even, torch.ones(2, 2))


def test_smoothed_pooling_heeds_odd_and_even_pixels_less() -> None:
    line = torch.zeros(1, 1, 12, 12)
    line[..., 5] = 1  # thin, and upright
    moved = line.roll(1, dims=3)

    def change(pool: nn.Module) -> float:
        return float((pool(line) - pool(moved)).abs().sum())

    assert change(SmoothedMaxPool2d(1)) < 0.8 * change(nn.MaxPool2d(2))


def test_smoothed_pooling_leaves_its_results_in_float32_where_layers_are_mixed() -> None:
    with torch.autocast("cpu", torch.bfloat16):
        pooled = SmoothedMaxPool2d(2)(torch.randn(1, 2, 4, 4, dtype=torch.bfloat16))
    assert pooled.dtype == torch.float32


def test_pooling_before_relu_and_dropout_changes_no_number() -> None:
    block = conv_block(3, 8, dropout=0.25)
    convolution, norm, pool, relu, dropout = block
    images = torch.randn(5, 3, 28, 28, generator=torch.Generator().manual_seed(0))

    torch.manual_seed(1)
    ours = block(images)
    torch.manual_seed(1)
    usual = pool(dropout(relu(norm(convolution(images)))))

    assert (ours == 0).any()
    torch.testing.assert_close(ours, usual)


def test_pooling_before_relu_and_dropout_changes_no_gradient() -> None:
    gradients = []
    for usual in (False, True):
        torch.manual_seed(2)
        convolution, norm, pool, relu, dropout = conv_block(1, 4, dropout=0.25)
        order = (convolution, norm, relu, dropout, pool) if usual else (
            convolution, norm, pool, relu, dropout,
        )  # fmt: skip
        nn.Sequential(*order)(torch.randn(6, 1, 28, 28)).square().sum().backward()
        gradients.append(convolution.weight.grad)

    torch.testing.assert_close(*gradients)


def test_an_unknown_network_is_refused_with_the_known_names() -> None:
    with pytest.raises(ValueError, match=r"'resnet'.*two-block"):
        build_network("resnet")


def test_parameters_are_counted_without_running_means() -> None:
    assert count_parameters(nn.BatchNorm2d(7)) == 14
    assert count_parameters(build_network(BASELINE)) == 105_962


@pytest.mark.parametrize("name", NETWORKS)
def test_a_fused_network_says_the_same_with_fewer_layers(name: str) -> None:
    torch.manual_seed(0)
    network, images = build_network(name), torch.randn(9, 1, 28, 28)
    network(images)  # in training mode: the normalisation's running figures move
    network.eval()

    fused = fuse(network)

    with torch.no_grad():
        assert torch.allclose(fused(images), network(images), atol=1e-4)
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in fused.modules())
    assert any(isinstance(layer, torch.nn.BatchNorm2d) for layer in network.modules())
