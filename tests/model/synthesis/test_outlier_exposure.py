from __future__ import annotations

import numpy as np
import pytest

from model.ink.pen_lines import to_lines
from model.synthesis.outlier_exposure import (
    ALLOWED_LETTERS,
    CROSSED_OUT,
    DRAWERS,
    MEASURED_LETTERS,
    MIRRORED,
    PAINTERS,
    TURNED,
    _turned,
    crossed_out,
    nondigit,
    smear,
)

DIGITS = [
    ("1", to_lines([[[0, 9], [0, 90]]])),
    ("7", to_lines([[[40, 200, 90], [20, 20, 250]]])),
]


def test_the_thirteen_measured_letters_are_never_negatives() -> None:
    assert frozenset("AEHKRTfhknrty") == MEASURED_LETTERS
    assert not ALLOWED_LETTERS & MEASURED_LETTERS


def test_letters_that_are_written_like_digits_are_no_negatives() -> None:
    assert not ALLOWED_LETTERS & set("OoIlSsZzBbgQqDi")


def test_the_kinds_share_out_everything() -> None:
    shares = [share for _, share in (*DRAWERS, *PAINTERS)]

    # The rest are two digits side by side.
    assert sum(shares) + TURNED + CROSSED_OUT == pytest.approx(0.97)


@pytest.mark.parametrize("drawer", [drawer for drawer, _ in DRAWERS])
def test_every_drawer_draws_lines_of_finite_points(drawer) -> None:  # type: ignore[no-untyped-def]
    for seed in range(20):
        lines = drawer(np.random.default_rng(seed))

        assert all(line.ndim == 2 and line.shape[1] == 2 for line in lines)
        assert np.isfinite(np.concatenate(lines)).all()
        assert np.ptp(np.concatenate(lines), axis=0).max() > 0


@pytest.mark.parametrize("painter", [painter for painter, _ in PAINTERS])
def test_every_painter_leaves_ink_and_paper(painter) -> None:  # type: ignore[no-untyped-def]
    shares = [painter(np.random.default_rng(seed)).mean() for seed in range(20)]

    assert sum(0 < share < 1 for share in shares) >= 18


def test_a_nondigit_is_prepared_like_any_drawing_and_chance_decides_it() -> None:
    images = [nondigit(DIGITS, np.random.default_rng(seed)) for seed in (*range(60), 0)]

    assert {image.shape for image in images} == {(28, 28)}
    assert min(image.max() for image in images) == 255
    assert np.array_equal(images[0], images[-1])
    assert len({image.tobytes() for image in images}) == 60


def test_only_digits_that_are_none_on_their_side_are_turned() -> None:
    chance = np.random.default_rng(0)
    turned = [_turned([DIGITS[1][1]], chance)[0] for _ in range(30)]

    corners = {tuple(np.sign(line[1] - line[0]).astype(int)) for line in turned}
    assert corners == {(-1, 0), (0, 1), (0, -1)}  # mirrored, or the bar of the 7 upright
    assert not MIRRORED & set("01689")


def test_a_smear_is_a_spot_and_no_stroke_that_could_be_a_one() -> None:
    for seed in range(20):
        rows, columns = np.nonzero(smear(np.random.default_rng(seed)))
        deviations = np.sqrt(np.linalg.eigvalsh(np.cov(rows, columns)))

        assert deviations[0] > 0.25 * deviations[1], "a one is flatter than that"


def test_what_crosses_a_digit_out_lies_over_it_and_is_no_smaller() -> None:
    for seed in range(20):
        digit, *over = crossed_out([DIGITS[1][1]], np.random.default_rng(seed))

        assert np.ptp(digit, axis=0).max() == pytest.approx(1)
        assert 0.9 <= np.ptp(np.concatenate(over), axis=0).max() <= 1.4
        assert np.abs(np.concatenate(over)).max() <= 0.7


def test_without_digits_there_are_other_things_to_draw() -> None:
    assert nondigit([], np.random.default_rng(0)).shape == (28, 28)
