from __future__ import annotations

import contextlib
import io
import os
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from model.errors import BadDrawing
from model.ink.images import open_image, to_pixels
from tests.model.ink.sketches import sketch


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_every_usual_format_opens(kind: str) -> None:
    assert open_image(encoded(sketch(), kind)).size == (280, 280)


def test_a_path_opens_like_the_content_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "seven.png"
    sketch().save(path)

    np.testing.assert_array_equal(open_image(path), open_image(path.read_bytes()))


@pytest.mark.parametrize("orientation", range(2, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    upright = sketch(size=(280, 200), corner=(90, 30), scale=1.1)
    exif = Image.Exif()
    exif[0x0112] = orientation

    opened = open_image(encoded(upright.transpose(undo), "PNG", exif=exif))

    np.testing.assert_array_equal(opened, upright)


def test_a_photo_that_a_phone_saves_with_a_preview_is_one_picture() -> None:
    photo = encoded(
        sketch(), "MPO", save_all=True, append_images=[sketch(size=(80, 80), scale=0.3)]
    )

    assert open_image(photo).size == (280, 280)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_an_animation_is_refused(kind: str) -> None:
    moving = encoded(
        sketch(), kind, save_all=True, append_images=[sketch(scale=1.2), sketch(scale=1)]
    )

    with pytest.raises(BadDrawing, match="animation of 3 pictures: send a single one"):
        open_image(moving)


def test_an_animation_cut_off_anywhere_is_refused_in_words() -> None:
    chance = np.random.default_rng(0)  # frames of many colours have a palette each
    frames = [Image.fromarray(chance.integers(0, 256, (12, 12, 3), np.uint8)) for _ in range(2)]
    whole = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])

    for length in range(len(whole)):
        with contextlib.suppress(BadDrawing):  # the first frame alone, where it is whole, is read
            open_image(whole[:length])


def test_a_name_that_no_file_can_have_is_said() -> None:
    with pytest.raises(BadDrawing, match=r"cannot be reached .*: check its name"):
        open_image("x" * 300 + ".png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_a_picture_cut_off_is_refused(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 90, 3), np.uint8))
    whole = encoded(noise, kind)

    with pytest.raises(BadDrawing, match=r"damaged or cut off|no picture that I can read"):
        open_image(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello, I am no picture at all", "no picture that I can read"),
        (b"%PDF-1.7 ...", "no picture that I can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that I can read"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "no picture that I can read"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(BadDrawing, match=words):
        open_image(content)


def test_an_empty_file_a_missing_one_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()

    with pytest.raises(BadDrawing, match=r"^this file is empty"):
        open_image(tmp_path / "empty.png")
    with pytest.raises(BadDrawing, match="no such file"):
        open_image(tmp_path / "missing.png")
    with pytest.raises(BadDrawing, match=r"^this is a folder"):
        open_image(tmp_path)


@pytest.mark.parametrize("side", [8_001, 20_000, 60_000])
def test_over_64_megapixels_is_refused_by_the_header(side: int) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    # A header that promises side x side pixels over next to no data: decoding it would fail.
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000))

    with pytest.raises(BadDrawing, match="megapixels"):
        open_image(bomb)


def test_64_megapixels_are_read() -> None:
    large = Image.new("L", (8_000, 8_000), 255)
    large.paste(0, (2_000, 1_000, 2_600, 7_000))

    pixels = to_pixels(open_image(encoded(large, "PNG")))

    assert max(pixels.shape) <= 1024
    assert pixels.min() == 0


def test_a_large_picture_is_reduced_and_still_turned() -> None:
    scan = np.full((300, 3_000), 60_000, np.uint16)
    scan[:, 2_700:] = 1_000  # black on the right, which is below once it is turned
    exif = Image.Exif()
    exif[0x0112] = 6

    opened = open_image(encoded(Image.fromarray(scan), "PNG", exif=exif))

    assert opened.mode == "L"
    assert opened.size == (100, 1_000)
    assert np.asarray(opened)[-50].max() < 10 < 200 < np.asarray(opened)[50].min()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_turns_out_to_be_cut_off_is_refused(kind: str) -> None:
    content = encoded(sketch(), kind)
    opened = Image.open(io.BytesIO(content[: len(content) * 2 // 3]))

    with pytest.raises(BadDrawing, match="damaged or cut off"):
        to_pixels(opened)


def test_a_picture_without_pixels_is_refused() -> None:
    with pytest.raises(BadDrawing, match="no pixels"):
        to_pixels(Image.new("L", (0, 5)))


def header_of(width: int, height: int) -> bytes:
    """Return a PNG that promises so many pixels over next to no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


@pytest.mark.parametrize(
    ("width", "height", "figure"),
    [
        (9_000, 9_033, "81.3 megapixels"),
        (8_001, 8_000, "64.01 megapixels"),  # not "64.0, more than the 64"
        (8_000_001, 8, "64.00001 megapixels"),
        (60_000, 60_000, "3,600.0 megapixels"),  # over Pillow's own limit
    ],
)
def test_a_picture_that_is_too_large_is_told_its_size(width: int, height: int, figure: str) -> None:
    with pytest.raises(BadDrawing, match=f"has {figure}, more than the 64 that I read"):
        open_image(header_of(width, height))


def test_what_is_in_no_format_of_the_list_is_told_the_list() -> None:
    with pytest.raises(BadDrawing, match="PNG, JPEG, WebP or BMP"):
        open_image(encoded(sketch(), "GIF"))


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")

    with pytest.raises(BadDrawing, match=r"^this is a pipe or a device"):
        open_image(tmp_path / "pipe.png")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random"])
def test_a_device_is_refused_before_it_is_read(device: str) -> None:
    with pytest.raises(BadDrawing, match=r"^this is a pipe or a device"):
        open_image(device)


def test_a_file_of_many_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    with open(tmp_path / "huge.webp", "wb") as file:  # WebP's reader would take it all at once
        file.write(b"RIFF\xff\xff\xff\xffWEBPVP8 ")
        file.truncate(30_000_000_000)

    with pytest.raises(BadDrawing, match=r"^this file has 30,000 MB, more than the 257"):
        open_image(tmp_path / "huge.webp")


def test_a_name_with_a_zero_byte_is_a_sentence() -> None:
    with pytest.raises(BadDrawing, match="cannot be reached"):
        open_image("seven\0.png")


def test_a_small_picture_does_not_wait_for_a_large_one_that_is_decoded(monkeypatch) -> None:
    small = encoded(Image.new("L", (28, 28)), "PNG")
    large = encoded(Image.new("1", (5000, 1000)), "PNG")
    has_begun, may_end = threading.Event(), threading.Event()
    load = PngImageFile.load

    def slow(image: PngImageFile) -> object:
        if image.width == 5000:
            has_begun.set()
            assert may_end.wait(20)
        return load(image)

    monkeypatch.setattr(PngImageFile, "load", slow)
    other = threading.Thread(target=open_image, args=(large,))
    other.start()
    assert has_begun.wait(20)

    with ThreadPoolExecutor(1) as apart:
        size = apart.submit(open_image, small).result(timeout=20).size
        may_end.set()

    other.join()
    assert size == (28, 28)
