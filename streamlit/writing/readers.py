"""What reads writing and single characters, as whoever starts the page hands it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model import Recogniser
from model.writing.reader import Reader


@dataclass(frozen=True)
class Readers:
    """The readers that stand beside the digits' own; both raise WeightsError as they load.

    writing: the reader of an alphabet, `characters` or `digits`. characters: the recogniser of
    single ones. is_loaded: whether asking takes no time, of a kind (`writing` or `character`) and
    an alphabet.
    """

    writing: Callable[[str], Reader]
    characters: Callable[[], Recogniser]
    is_loaded: Callable[[str, str], bool]
