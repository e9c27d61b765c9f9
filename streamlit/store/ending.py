"""What became of all that was to be written, when the server ends."""

from __future__ import annotations

import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ending:
    """What became of all that a writer was given: drawings, by where they are now."""

    written: int
    spooled: int = 0
    lost: int = 0


def tell(ending: Ending, why: str, place: str, problem: str | None) -> None:
    """Say in the log what is not in the store, and how it gets there.

    why: they were not written. place: where the spool is. problem: why the spool cannot keep them.
    """
    if ending.spooled:
        log.warning(
            "%d drawings are not in the store (%s): they lie in the spool %s, and whoever starts "
            "next writes them",
            ending.spooled,
            why,
            place,
        )
    if ending.lost:
        log.error(
            "%d drawings are lost: they are not in the store (%s), and the spool cannot keep them "
            "(%s: %s). Give SPOOL_DIR a folder that can be written to",
            ending.lost,
            why,
            place,
            problem or "there is none",
        )
