"""How much one visitor may have on this machine at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from streamlit.runtime.uploaded_file_manager import UploadedFileRec

MOST_FILES = 20
MOST_MB = 40
MOST_BYTES = MOST_MB * 1024 * 1024
LIMITS_IN_WORDS = f"{MOST_FILES} pictures and {MOST_MB} MB"
# The type of a file of which only the name was taken. Nobody else's browser can give it to a file
# of somebody; who gives it to their own has it refused.
REFUSED = "application/x-inkling-refused"
MOST_NAMES = 200  # of refused files; what comes after is not even named


@dataclass
class Room:
    """What one session has taken of its limits."""

    files: int = 0
    held_bytes: int = 0

    def take(self, size: int) -> bool:
        """Return whether one more file of so many bytes fits; if so, it counts from now on."""
        if self.files >= MOST_FILES or self.held_bytes + size > MOST_BYTES:
            return False
        self.files += 1
        self.held_bytes += size
        return True


def room_of(records: Iterable[UploadedFileRec]) -> Room:
    """Return what these files take: a file that has been read still counts, its bytes do not."""
    taken = [record for record in records if record.type != REFUSED]
    return Room(len(taken), sum(len(record.data) for record in taken))
