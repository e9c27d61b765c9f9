from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch

from model.line_ink.pen_path import follow
from model.line_training.batches import deal, to_paths, to_strips, vary
from model.line_training.samples import LineSamples
from model.networks.line_networks import PathNetwork, StripNetwork
from tests.model.line_training.written import TEXTS, samples


@pytest.fixture(scope="module")
def some() -> LineSamples:
    return samples(*TEXTS, "HAT MAN", "1", "LETTEN")


@pytest.mark.parametrize("kind", ["strip", "path"])
@pytest.mark.parametrize("size", [1, 3, 64])
def test_each_line_is_dealt_once(some: LineSamples, kind: str, size: int) -> None:
    batches = list(deal(some, kind, size, np.random.default_rng(0)))

    assert Counter(text for batch in batches for text in batch.texts) == Counter(some.texts)
    assert max(len(batch.texts) for batch in batches) <= size
    assert len(batches) == -(-len(some) // size)


def test_a_batch_is_padded_with_paper_to_its_widest_strip(some: LineSamples) -> None:
    assert some.strips is not None

    batch = to_strips(some.strips, some.texts)

    for inputs, strip in zip(batch.inputs.numpy(), some.strips, strict=True):
        width = strip.shape[1]
        assert np.allclose(inputs[0, :, :width] * 255, strip)
        assert (inputs[0, :, width:] == 0).all()
    assert batch.inputs.dtype == torch.float32
    assert batch.inputs.max() == 1


def test_a_batch_is_padded_with_nothing_to_its_longest_path(some: LineSamples) -> None:
    paths = [follow(strokes) for strokes in some.strokes]

    batch = to_paths(paths, some.texts)

    for inputs, path in zip(batch.inputs.numpy(), paths, strict=True):
        assert np.array_equal(inputs[: len(path)], path)
        assert (inputs[len(path) :] == 0).all()


def test_rows_are_those_that_the_networks_give_a_line_alone(some: LineSamples) -> None:
    assert some.strips is not None
    paths = [follow(strokes) for strokes in some.strokes]
    strip_rows = to_strips(some.strips[:4], some.texts[:4]).rows.tolist()
    path_rows = to_paths(paths[:4], some.texts[:4]).rows.tolist()
    seen, followed = StripNetwork().eval(), PathNetwork().eval()

    with torch.no_grad():
        for place in range(4):
            strip = torch.from_numpy(some.strips[place][None, None] / np.float32(255))
            assert seen(strip).shape[1] == strip_rows[place]
            assert followed(torch.from_numpy(paths[place][None])).shape[1] == path_rows[place]


def test_the_same_chance_deals_the_same(some: LineSamples) -> None:
    one, two = (list(deal(some, "path", 4, np.random.default_rng(5))) for _ in range(2))

    for a, b in zip(one, two, strict=True):
        assert a.texts == b.texts
        assert torch.equal(a.inputs, b.inputs)


def test_varied_strokes_keep_their_number_and_points_and_are_never_quite_the_same(
    some: LineSamples,
) -> None:
    chance = np.random.default_rng(2)
    strokes = some.strokes[0]

    for _ in range(20):
        varied = vary(strokes, chance)

        assert Counter(map(np.shape, varied)) == Counter(map(np.shape, strokes))
        assert all(np.isfinite(line).all() for line in varied)
        assert not np.allclose(np.concatenate(varied).sum(), np.concatenate(strokes).sum())


def test_varying_leaves_the_samples_as_they_were(some: LineSamples) -> None:
    before = [stroke.copy() for stroke in some.strokes[0]]

    list(deal(some, "path", 4, np.random.default_rng(0)))

    assert all(np.array_equal(a, b) for a, b in zip(before, some.strokes[0], strict=True))
