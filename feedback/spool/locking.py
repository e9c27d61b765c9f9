"""Locks on open files that end with the process that holds them, however it ends."""

from __future__ import annotations

import os
import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    FAR = 1 << 40  # Windows keeps others from reading what is locked: a byte past every line

    def lock(file: IO[bytes]) -> bool:
        """Lock an open file for this process; return False where another one holds it."""
        file.seek(FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0, os.SEEK_END)
        return True

else:
    import fcntl

    def lock(file: IO[bytes]) -> bool:
        """Lock an open file for this process; return False where another one holds it."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
