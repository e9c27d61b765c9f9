"""Picture files in, pixels out: the limits and the formats in which drawings are accepted."""

from __future__ import annotations

import io
import os
import re
import stat
import threading
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from model.errors import BadDrawing

Pixels = NDArray[np.uint8]  # (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA

# The one list: what opens here is what the page offers, the command line says and messages name.
FORMATS = {"PNG": ("png",), "JPEG": ("jpg", "jpeg"), "WEBP": ("webp",), "BMP": ("bmp",)}
FORMATS_IN_WORDS = "PNG, JPEG, WebP or BMP"  # a phone's MPO opens as JPEG
EXTENSIONS = tuple(extension for names in FORMATS.values() for extension in names)
MAX_PIXELS = 64_000_000
MAX_FILE_BYTES = 4 * MAX_PIXELS + 1_000_000  # so many pixels in BMP, the least dense of the formats
DAMAGED = "this picture is damaged or cut off: save it again"
UPRIGHT = 1  # of EXIF's eight orientations
WORKING_SIDE_PX = 1024  # more detail than this is never looked at
# Decoding the largest picture takes some 500 MB: several at once could end a small server.
_DECODING = threading.Lock()
ALONE_PIXELS = 4_000_000  # a picture of more is decoded while no other such is; 32 MB at most


def open_image(source: str | Path | bytes) -> Image.Image:
    """Return a decoded picture, turned the way its EXIF orientation says, as L, RGB or RGBA.

    Like those of `to_pixels`, pictures over 1024 px a side come back reduced by a whole factor.

    source: a file's path, or a file's content.
    Raises BadDrawing, in words for a person, for what is no picture, damaged, animated,
    or over 64 megapixels (found in the header, before anything is decoded); at once, too, for
    what is no file to be read to its end: a pipe, a device, a folder.
    """
    if isinstance(source, bytes):
        if not source:
            raise BadDrawing("this file is empty")
        return _decode(io.BytesIO(source))
    with _open_file(source) as file:
        return _decode(file)


def _decode(file: BinaryIO) -> Image.Image:
    try:
        # Our own limit comes first; Pillow's warning at another size would only say it twice.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=tuple(FORMATS))
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\((\d+) pixels\)", str(error))  # Pillow's own limit came before ours
        raise BadDrawing(_too_large(int(pixels[1]) if pixels else None)) from error
    except Exception as error:  # Pillow's readers raise a dozen kinds on damaged files
        raise BadDrawing(f"this is no picture that I can read: {FORMATS_IN_WORDS}") from error
    with image:
        try:
            _check_header(image)
            # Lets the JPEG decoder skip detail: a 60 megapixel photo takes little memory.
            image.draft(image.mode, (WORKING_SIDE_PX, WORKING_SIDE_PX))
            with _DECODING if image.width * image.height > ALONE_PIXELS else nullcontext():
                image.load()
                small = _reduce(_to_plain_mode(image))
            return _turned(small)
        except BadDrawing:
            raise
        except Exception as error:
            raise BadDrawing(DAMAGED) from error


def _open_file(path: str | Path) -> BinaryIO:
    """Open a file that is there, has an end, and is not too long; never waits for another program.

    A pipe would be waited for until somebody writes, a device may have no end: both are known
    before they are opened, and looked at again after, without waiting, as they may change.
    """
    try:
        _check_kind(os.stat(path))
        descriptor = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
    except BadDrawing:
        raise
    except FileNotFoundError as error:
        raise BadDrawing("there is no such file") from error
    except PermissionError as error:
        raise BadDrawing("this file may not be read: check its permissions") from error
    except (OSError, ValueError) as error:  # too long a name; one with a zero byte in it
        reason = getattr(error, "strerror", None) or str(error)
        raise BadDrawing(
            f"this file cannot be reached ({reason}): check its name and permissions"
        ) from error
    file = os.fdopen(descriptor, "rb")
    try:
        _check_kind(os.fstat(descriptor))
    except BaseException:
        file.close()
        raise
    return file


_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _check_kind(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise BadDrawing("this is a folder, not a picture")
    if not stat.S_ISREG(status.st_mode):
        raise BadDrawing("this is a pipe or a device, not a file: save the picture as a file")
    if not status.st_size:
        raise BadDrawing("this file is empty")
    if status.st_size > MAX_FILE_BYTES:
        raise BadDrawing(
            f"this file has {status.st_size / 1e6:,.0f} MB, more than the "
            f"{MAX_FILE_BYTES / 1e6:,.0f} that I read: send a smaller one"
        )


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise BadDrawing(_too_large(width * height))
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # an MPO's further frames are previews of the first
        raise BadDrawing(f"this is an animation of {frames} pictures: send a single one")


def _too_large(pixels: int | None) -> str:
    """Return the refusal with the figure, with as many decimals as show that it is over."""
    most = MAX_PIXELS / 1e6
    if pixels is None:
        return f"this picture has more than {most:.0f} megapixels: send a smaller one"
    megapixels = pixels / 1e6
    decimals = next((d for d in range(1, 6) if round(megapixels, d) > most), 6)
    return (
        f"this picture has {megapixels:,.{decimals}f} megapixels, more than the {most:.0f} "
        "that I read: send a smaller one"
    )


def to_pixels(image: Image.Image | Pixels) -> Pixels:
    """Return any picture as a uint8 array: (H, W), (H, W, 3), or (H, W, 4) when it has alpha.

    Pictures over 1024 px a side come back reduced by a whole factor. Raises BadDrawing for arrays
    of another type or shape, and for pictures without pixels.
    """
    if isinstance(image, Image.Image):
        if 0 in image.size:
            raise BadDrawing("this picture has no pixels")
        try:
            image.load()  # opened by the caller, it may be decoded only now
            image = _turned(_reduce(_to_plain_mode(image)))
        except Exception as error:
            raise BadDrawing(DAMAGED) from error
    else:
        array = np.asarray(image)
        shape_is_known = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
        if array.dtype != np.uint8 or not shape_is_known or array.size == 0:
            raise BadDrawing(
                "expected a uint8 array of shape (H, W), (H, W, 3) or (H, W, 4), "
                f"got {array.dtype} {array.shape}"
            )
        if max(array.shape[:2]) <= WORKING_SIDE_PX:
            return array
        image = _reduce(Image.fromarray(np.ascontiguousarray(array)))
    return np.asarray(image)


def _turned(image: Image.Image) -> Image.Image:
    """Return a picture the way up that its EXIF orientation says; most are, and not copied."""
    if image.getexif().get(ExifTags.Base.Orientation, UPRIGHT) == UPRIGHT:
        return image
    return ImageOps.exif_transpose(image)


def _reduce(image: Image.Image) -> Image.Image:
    """Return a picture over 1024 px a side reduced by a whole factor, a smaller one as it is."""
    factor = -(-max(image.size) // WORKING_SIDE_PX)
    if factor == 1:
        return image
    # A very long, narrow picture keeps at least one pixel of its short side.
    return image.reduce((min(factor, image.width), min(factor, image.height)))


def _to_plain_mode(image: Image.Image) -> Image.Image:
    """Bring palettes, 16-bit greys, CMYK and the rest to L, RGB or RGBA."""
    if image.mode in ("L", "RGB", "RGBA"):
        if image.mode != "RGBA" and "transparency" in image.info:  # one colour stands for "nothing"
            return image.convert("RGBA")
        return image
    if image.mode in ("LA", "La", "PA", "RGBa") or (
        image.mode == "P" and "transparency" in image.info
    ):
        # Premultiplied modes convert only to their own straight counterpart.
        straight = {"La": "LA", "RGBa": "RGBA"}.get(image.mode)
        return (image.convert(straight) if straight else image).convert("RGBA")
    if image.mode.startswith("I") or image.mode == "F":
        levels = np.asarray(image)
        highest = float(levels.max())
        top = 65535.0 if image.mode.startswith("I") and highest > 255 else highest
        grey = np.empty(levels.shape, np.uint8)
        for row, line in zip(grey, levels, strict=True):  # the whole as floats would take 500 MB
            row[:] = (line / max(top, 1e-9) * 255).clip(0, 255)
        plain = Image.fromarray(grey)
        plain.info = image.info  # among others, how the camera was held
        return plain
    return image.convert("L" if image.mode == "1" else "RGB")
