from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from model.errors import BadDrawing, NoInk
from model.ink.preprocess import MNIST_MEAN, MNIST_STD, prepare, to_input
from model.ink.segmentation import _on_even_paper
from model.ink.threshold import level_counts
from tests.model.ink.sketches import sketch


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Mean difference in levels, as a share of the mean ink, the better of shifts by a pixel."""
    a, b = a.astype(float), b.astype(float)
    shifted = [np.roll(b, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return min(float(np.abs(a - s).sum()) for s in shifted) / float(a.sum())


REFERENCE = prepare(sketch())


def test_ink_fills_a_box_of_20_px_around_its_centre_of_mass() -> None:
    ink = prepare(sketch()).astype(float)

    solid = ink > 128
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1)
    centre = [(ink.sum(axis=1 - axis) * np.arange(28)).sum() / ink.sum() for axis in (0, 1)]
    assert centre == pytest.approx([14, 14], abs=0.1)
    assert ink.max() == 255


@settings(max_examples=60, deadline=None)
@given(x=st.floats(12, 130), y=st.floats(12, 120), scale=st.floats(0.8, 1.35), dark=st.booleans())
def test_the_same_ink_anywhere_at_any_size_in_any_polarity_looks_the_same(
    x: float, y: float, scale: float, dark: bool
) -> None:
    black, white = (0, 0, 0), (255, 255, 255)
    paper, pen = (white, black) if dark else (black, white)

    drawing = sketch(corner=(x, y), scale=scale, width=18 / 1.4 * scale, ink=pen, paper=paper)

    assert difference(REFERENCE, prepare(drawing)) < 0.12


@settings(max_examples=40, deadline=None)
@given(
    pen=st.tuples(*[st.integers(0, 255)] * 3),
    paper=st.tuples(*[st.integers(0, 255)] * 3),
)
def test_any_two_colours_that_can_be_told_apart_will_do(
    pen: tuple[int, ...], paper: tuple[int, ...]
) -> None:
    if max(abs(a - b) for a, b in zip(pen, paper, strict=True)) < 40:
        pen = tuple((level + 128) % 256 for level in paper)

    assert difference(REFERENCE, prepare(sketch(ink=pen, paper=paper))) < 0.08


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "I;16", "F"])
def test_every_mode_of_a_picture_reads_alike(mode: str) -> None:
    grey = sketch().convert("L")
    picture = (
        Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
        if mode == "I;16"
        else grey.convert("RGB").convert(mode)
        if mode in ("CMYK", "RGBA")
        else grey.convert(mode)
    )
    assert picture.mode == mode

    assert difference(REFERENCE, prepare(picture)) < 0.1


@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 255, 255), (200, 30, 30)])
def test_ink_on_a_transparent_canvas_is_found_by_its_opacity(ink: tuple[int, int, int]) -> None:
    opacity = sketch().convert("L")
    picture = Image.merge("RGBA", [*Image.new("RGB", opacity.size, ink).split(), opacity])

    assert difference(REFERENCE, prepare(picture)) < 0.08


@pytest.mark.parametrize("width", [6, 18])
@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 0, 0), (0, 0, 255)])
def test_a_transparent_corner_does_not_make_the_paper_transparent(
    ink: tuple[int, int, int], width: int
) -> None:
    drawing = sketch(size=(600, 600), scale=4, width=width, ink=ink, paper=(255, 255, 255))
    cut = np.asarray(drawing.convert("RGBA")).copy()
    cut[:8, :8, 3] = 0

    assert difference(prepare(drawing), prepare(cut)) < 0.02


def test_ink_that_is_translucent_everywhere_is_found() -> None:
    opacity = sketch().convert("L").point([level * 0.3 for level in range(256)])
    picture = Image.merge("RGBA", [*Image.new("RGB", opacity.size, (200, 200, 0)).split(), opacity])

    assert difference(REFERENCE, prepare(picture)) < 0.08


def test_a_palette_with_a_transparent_colour_is_read() -> None:
    palette = sketch(ink=(0, 0, 0), paper=(255, 255, 255)).convert("P")
    content = io.BytesIO()
    palette.save(content, "PNG", transparency=palette.getpixel((0, 0)))
    assert Image.open(content).convert("RGBA").getpixel((0, 0))[3] == 0

    assert difference(REFERENCE, prepare(Image.open(content))) < 0.08


@pytest.mark.parametrize("shape", [(280, 280), (280, 280, 3), (280, 280, 4)])
def test_arrays_of_every_shape_read_like_pictures(shape: tuple[int, ...]) -> None:
    mode = {2: "L", 3: "RGB" if shape[-1] == 3 else "RGBA"}[len(shape)]

    ink = prepare(np.asarray(sketch().convert(mode)))

    np.testing.assert_array_equal(ink, prepare(sketch().convert(mode)))


def test_preparation_leaves_its_argument_as_it_was() -> None:
    drawing = np.asarray(sketch()).copy()
    before = drawing.copy()

    prepare(drawing)

    np.testing.assert_array_equal(drawing, before)


def test_a_hair_thin_pen_stays_visible() -> None:
    ink = prepare(sketch(size=(600, 600), corner=(80, 80), scale=4, width=1))

    assert np.count_nonzero(ink > 128) > 35
    assert difference(prepare(sketch(width=9)), ink) < 0.5


def test_dust_and_a_slip_of_the_pen_do_not_shrink_the_digit() -> None:
    drawing = sketch()
    ImageDraw.Draw(drawing).ellipse([262, 262, 267, 267], fill=(255, 255, 255))

    assert difference(REFERENCE, prepare(drawing)) < 0.05


def test_a_canvas_shown_on_a_page_is_found_on_it() -> None:
    page = Image.new("RGB", (640, 480), (250, 250, 250))
    page.paste(sketch(), (180, 90))

    assert difference(REFERENCE, prepare(page)) < 0.1


def test_a_thick_zero_is_no_sheet_on_a_ground() -> None:
    drawing = Image.new("L", (280, 280), 0)
    ImageDraw.Draw(drawing).ellipse([40, 20, 240, 260], outline=255, width=70)

    ink = prepare(drawing)

    assert ink[14, 14] == 0  # the hole is still a hole,
    assert ink[14, 7:9].min() > 250  # and the ring is ink


@pytest.mark.parametrize("width", [6, 16])
def test_a_boxy_eight_is_no_sheet_with_a_line_on_it(width: int) -> None:
    drawing = Image.new("L", (280, 280), 255)
    draw = ImageDraw.Draw(drawing)
    draw.rectangle([85, 40, 195, 240], outline=0, width=width)
    draw.line([85, 140, 195, 140], fill=0, width=width)

    ink = prepare(drawing)

    # The whole of it, and not only what lies within its outline.
    assert np.count_nonzero(ink.any(axis=1)) >= 20
    assert np.count_nonzero(ink.any(axis=0)) == 13


def test_what_is_drawn_in_a_frame_is_found_within_it() -> None:
    page = Image.new("RGB", (640, 480), (250, 250, 250))
    page.paste(sketch(ink=(0, 0, 0), paper=(250, 250, 250)), (180, 90))
    ImageDraw.Draw(page).rectangle([180, 90, 460, 370], outline=(0, 0, 0), width=3)

    assert difference(REFERENCE, prepare(page)) < 0.1


def test_a_dark_corner_of_a_photographed_sheet_does_not_hide_thin_ink() -> None:
    sheet = sketch(
        size=(900, 1200), corner=(325, 400), scale=3, width=4, ink=(30, 40, 120),
        paper=(225, 220, 210),
    )  # fmt: skip
    y, x = np.mgrid[:1200, :900]
    light = 1 - 0.5 * (0.6 * x / 900 + 0.4 * y / 1200)
    grain = np.random.default_rng(0).normal(0, 5, (1200, 900, 3))
    photo = (np.asarray(sheet) * light[:, :, None] + grain).clip(0, 255).astype(np.uint8)

    assert difference(prepare(sketch(width=7)), prepare(photo)) < 0.5


@pytest.mark.parametrize("level", [0, 77, 255])
@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (280, 280), (3, 900), (280, 280, 4)])
def test_a_blank_sheet_has_no_ink(level: int, shape: tuple[int, ...]) -> None:
    with pytest.raises(NoInk, match="no ink"):
        prepare(np.full(shape, level, np.uint8))


@settings(max_examples=30, deadline=None)
@given(x=st.integers(30, 250), y=st.integers(30, 250), width=st.integers(1, 40))
def test_a_single_dot_is_no_drawing(x: int, y: int, width: int) -> None:
    drawing = Image.new("L", (280, 280), 0)
    r = width / 2
    ImageDraw.Draw(drawing).ellipse([x - r, y - r, x + r, y + r], fill=255)

    with pytest.raises(NoInk, match="dot"):
        prepare(drawing)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((28, 28), np.float32),
        np.zeros((28, 28, 2), np.uint8),
        np.zeros((2, 28, 28, 3), np.uint8),
        np.zeros((0, 28), np.uint8),
    ],
)
def test_arrays_of_another_kind_are_refused(array: np.ndarray) -> None:
    with pytest.raises(BadDrawing, match="expected a uint8 array"):
        prepare(array)


def test_extreme_proportions_neither_fail_nor_take_long() -> None:
    strip = np.zeros((2, 60_000), np.uint8)
    strip[:, 30_000:40_000] = 255

    assert prepare(strip).any()


def test_input_is_normalised_as_mnist_is() -> None:
    inks = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)])

    batch = to_input(inks)

    assert (batch.shape, batch.dtype) == ((2, 1, 28, 28), np.float32)
    assert np.unique(batch[0]) == pytest.approx([-MNIST_MEAN / MNIST_STD])
    assert np.unique(batch[1]) == pytest.approx([(1 - MNIST_MEAN) / MNIST_STD])


def test_input_of_another_shape_is_refused() -> None:
    with pytest.raises(BadDrawing, match=r"\(N, 28, 28\)"):
        to_input(np.zeros((28, 28), np.uint8))


def test_ink_hardly_darker_than_the_noise_is_read_without_a_division_by_nothing() -> None:
    distance = np.zeros((100, 100), np.uint8)
    distance[20:80, 45:55] = 12  # twice the noise
    distance[50, 50] = 24  # as dark as ink must be at the least

    ink, _ = _on_even_paper(distance, 6, level_counts(distance), is_small=False)

    assert ink[50, 50] == 255
    assert not ink[:20].any()
