"""How pictures of one kind are read and shown: of digits, of characters, of writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from result.current_drawing import Drawn


@dataclass(frozen=True)
class Pictures:
    """How the pictures of one kind are read and shown."""

    name: str  # of the kind
    label: str  # of the field that takes the files
    sheet: Callable[[str], Drawn]  # makes one for a file of that name
    read: Callable[[Drawn, Image.Image], object]  # what it is read as; raises BadDrawing
    show: Callable[[Drawn], None]  # the result, and the question about it
