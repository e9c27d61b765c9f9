from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from model.synthesis.augment import Augmentation, Variation, random_maps, vary, warp


def one_map(**amounts: float) -> Tensor:
    """A map that changes by the largest amount of one kind, in one direction or the other."""
    nothing = {"rotation_deg": 0.0, "translation": 0.0, "scaling": 0.0, "shear_deg": 0.0}
    return random_maps(1, generator(), Augmentation(**{**nothing, **amounts}))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def digits(count: int) -> Tensor:
    """Smooth blobs, so that sampling between pixels hardly matters."""
    y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    centres = torch.rand(count, 2, generator=generator(9)) * 8 + 10
    squares = (x - centres[:, :1, None]) ** 2 + (y - centres[:, 1:, None]) ** 2
    return torch.exp(-squares / 18)[:, None]


def centre_of_mass(ink: Tensor) -> Tensor:
    """In pixels (x, y) from the middle of each image: (N, 2)."""
    places = torch.arange(28.0) - 13.5
    total = ink.sum((1, 2, 3))
    return torch.stack(
        [(ink.sum((1, 2)) * places).sum(1) / total, (ink.sum((1, 3)) * places).sum(1) / total], 1
    )


def test_no_change_gives_the_same_images() -> None:
    images = torch.rand(4, 1, 28, 28, generator=generator())

    torch.testing.assert_close(warp(images, one_map().repeat(4, 1, 1)), images)


def test_warping_equals_torchs_own_affine_grid() -> None:
    images, maps = torch.rand(16, 1, 28, 28, generator=generator()), random_maps(16, generator())

    grid = functional.affine_grid(maps, [16, 1, 28, 28], align_corners=False)
    expected = functional.grid_sample(images, grid, align_corners=False)
    torch.testing.assert_close(warp(images, maps), expected)


def test_rotation_turns_the_ink_by_at_most_45_degrees_either_way() -> None:
    images = digits(1).repeat(400, 1, 1, 1)
    before = centre_of_mass(images)[0]
    only_rotation = Augmentation(translation=0, scaling=0, shear_deg=0)

    after = centre_of_mass(warp(images, random_maps(400, generator(), only_rotation)))

    turned = torch.atan2(after[:, 1], after[:, 0]) - math.atan2(before[1], before[0])
    degrees = torch.rad2deg((turned + math.pi) % (2 * math.pi) - math.pi)
    torch.testing.assert_close(after.norm(dim=1), before.norm().expand(400), atol=0.1, rtol=0)
    assert -46 < degrees.min() < -42
    assert 42 < degrees.max() < 46


def test_translation_moves_the_ink_by_at_most_a_tenth_of_the_side() -> None:
    images = digits(1).repeat(400, 1, 1, 1)
    only_translation = Augmentation(rotation_deg=0, scaling=0, shear_deg=0)

    moved = centre_of_mass(warp(images, random_maps(400, generator(), only_translation)))

    moved -= centre_of_mass(images)
    assert 2.6 < moved.abs().max() < 2.95
    assert moved.min() < -2.6


@pytest.mark.parametrize("scaling", [0.1, 0.3])
def test_scaling_changes_the_ink_area_as_the_square(scaling: float) -> None:
    images = digits(1).repeat(400, 1, 1, 1)
    only_scaling = Augmentation(rotation_deg=0, translation=0, scaling=scaling, shear_deg=0)

    area = (
        warp(images, random_maps(400, generator(), only_scaling)).sum((1, 2, 3)) / images[0].sum()
    )

    assert float(area.min()) == pytest.approx((1 - scaling) ** 2, abs=0.03)
    assert float(area.max()) == pytest.approx((1 + scaling) ** 2, abs=0.03)


def test_shear_keeps_the_area() -> None:
    maps = random_maps(100, generator(), Augmentation(rotation_deg=0, translation=0, scaling=0))

    torch.testing.assert_close(torch.linalg.det(maps[:, :, :2]), torch.ones(100))
    assert maps[:, 0, 1].abs().max() == pytest.approx(math.tan(math.radians(10)), rel=0.05)


def test_paper_comes_in_from_outside() -> None:
    full = torch.ones(1, 1, 28, 28)

    moved = warp(full, one_map(translation=0.5))

    assert moved.min() == 0
    assert moved.max() == pytest.approx(1)


def test_the_same_seed_gives_the_same_changes_and_another_seed_others() -> None:
    assert torch.equal(random_maps(5, generator(1)), random_maps(5, generator(1)))
    assert not torch.equal(random_maps(5, generator(1)), random_maps(5, generator(2)))


def test_every_image_of_a_batch_is_changed_in_its_own_way() -> None:
    assert len(random_maps(1000, generator()).flatten(1).unique(dim=0)) == 1000


def test_varied_ink_keeps_its_amount_and_its_place() -> None:
    ink = torch.zeros(300, 1, 28, 28)
    ink[:, :, 6:22, 12:16] = 1

    varied = vary(ink, torch.ones(300), torch.Generator().manual_seed(0))

    assert varied.shape == ink.shape
    assert varied.min() >= 0
    assert varied.max() <= 1 + 1e-6
    amounts = varied.sum(dim=(1, 2, 3)) / ink[0].sum()
    assert 0.9 < amounts.mean() < 1.1
    assert amounts.std() > 0.05
    columns = (varied.sum(dim=2)[:, 0] * torch.arange(28)).sum(dim=1) / varied.sum(dim=(1, 2, 3))
    assert columns.mean() == pytest.approx(13.5, abs=0.3)


def test_without_strength_ink_is_only_moved() -> None:
    ink = torch.zeros(50, 1, 28, 28)
    ink[:, :, 6:22, 12:16] = 1

    varied = vary(ink, torch.zeros(50), torch.Generator().manual_seed(0))

    assert torch.allclose(varied.sum(dim=(1, 2, 3)), ink.sum(dim=(1, 2, 3)), rtol=0.01)


def test_ink_is_bent_as_far_as_the_variation_says() -> None:
    ink = torch.zeros(200, 1, 28, 28)
    ink[:, :, 4:24, 13:15] = 1
    still = Variation(0, 0, 0, 0, 0, 0, 0)

    def crookedness(bend: float) -> float:
        """Return how far the line's middle wanders from row to row, px."""
        varied = vary(ink, torch.ones(200), generator(), replace(still, bend=bend))
        rows = varied[:, 0, 8:20]
        middles = (rows * torch.arange(28)).sum(dim=2) / rows.sum(dim=2)
        return float(middles.std(dim=1).mean())

    assert crookedness(0) < 1e-4
    assert crookedness(0.01) > 0.05
    assert crookedness(0.04) > 3 * crookedness(0.01)
