"""What a request may ask to be read, by the names that the command line has."""

from __future__ import annotations

from typing import Literal, get_args

What = Literal["digits", "characters", "writing"]
WHAT: tuple[What, ...] = get_args(What)
WRITING: What = "writing"
