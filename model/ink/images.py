"""Picture files in, pixels out: the limits and the formats in which drawings are accepted."""

from __future__ import annotations

import io
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from model.errors import BadDrawing

Pixels = NDArray[np.uint8]  # (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")  # a phone's MPO opens as JPEG
MAX_PIXELS = 64_000_000
DAMAGED = "this picture is damaged or cut off: save it again"
WORKING_SIDE_PX = 1024  # more detail than this is never looked at
# Decoding the largest picture takes some 500 MB: several at once could end a small server.
_DECODING = threading.Lock()


def open_image(source: str | Path | bytes) -> Image.Image:
    """Return a decoded picture, turned the way its EXIF orientation says, as L, RGB or RGBA.

    Like those of `to_pixels`, pictures over 1024 px a side come back reduced by a whole factor.

    source: a file's path, or a file's content.
    Raises BadDrawing, in words for a person, for what is no picture, damaged, animated,
    or over 64 megapixels (found in the header, before anything is decoded).
    """
    file: Any
    if isinstance(source, bytes):
        file = io.BytesIO(source)
    else:
        file = Path(source)
        _check_place(file)
    try:
        # Our own limit comes first; Pillow's warning at another size would only say it twice.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise BadDrawing("this picture has over 64 megapixels: send a smaller one") from error
    except PermissionError as error:
        raise BadDrawing("this file may not be read: check its permissions") from error
    except Exception as error:  # Pillow's readers raise a dozen kinds on damaged files
        if _is_empty(source):
            raise BadDrawing("this file is empty") from error
        raise BadDrawing("this is no picture that I can read: PNG, JPEG, WebP or BMP") from error
    with image:
        try:
            _check_header(image)
            # Lets the JPEG decoder skip detail: a 60 megapixel photo takes little memory.
            image.draft(image.mode, (WORKING_SIDE_PX, WORKING_SIDE_PX))
            with _DECODING:
                image.load()
                small = _reduce(_to_plain_mode(image))
            return ImageOps.exif_transpose(small)
        except BadDrawing:
            raise
        except Exception as error:
            raise BadDrawing(DAMAGED) from error


def _check_place(file: Path) -> None:
    try:
        if file.is_dir():
            raise BadDrawing("this is a folder, not a picture")
        if not file.exists():
            raise BadDrawing("there is no such file")
    except OSError as error:  # a folder on the way that may not be entered; too long a name
        reason = error.strerror or str(error)
        raise BadDrawing(
            f"this file cannot be reached ({reason}): check its name and permissions"
        ) from error


def _is_empty(source: str | Path | bytes) -> bool:
    return not source if isinstance(source, bytes) else Path(source).stat().st_size == 0


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        megapixels = width * height / 1e6
        raise BadDrawing(
            f"this picture has {megapixels:.0f} megapixels, more than {MAX_PIXELS / 1e6:.0f}: "
            "send a smaller one"
        )
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # an MPO's further frames are previews of the first
        raise BadDrawing(f"this is an animation of {frames} pictures: send a single one")


def to_pixels(image: Image.Image | Pixels) -> Pixels:
    """Return any picture as a uint8 array: (H, W), (H, W, 3), or (H, W, 4) when it has alpha.

    Pictures over 1024 px a side come back reduced by a whole factor. Raises BadDrawing for arrays
    of another type or shape, and for pictures without pixels.
    """
    if isinstance(image, Image.Image):
        if 0 in image.size:
            raise BadDrawing("this picture has no pixels")
        try:
            image = ImageOps.exif_transpose(_reduce(_to_plain_mode(image)))
        except Exception as error:  # opened by the caller, it may be decoded only now
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
