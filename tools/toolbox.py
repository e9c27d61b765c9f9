"""Programs that look at the environment from outside: they are no part of what they look at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv-tools"
LOCK = ROOT / "locks" / "tools.txt"


def program(name: str) -> Path:
    """Return the path of `uv` or `pip-audit`, which are installed at first; OSError if they cannot.

    They come by `locks/tools.txt`, with hashes, and are installed anew where that has changed.
    """
    programs = FOLDER / ("Scripts" if sys.platform == "win32" else "bin")
    stamp = FOLDER / "installed.txt"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        shutil.rmtree(FOLDER, ignore_errors=True)
        options = ["-q", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
        for command in (
            [sys.executable, "-m", "venv", str(FOLDER)],
            [*pip, *options, "-r", str(LOCK)],
        ):
            if subprocess.run(command, cwd=ROOT).returncode != 0:
                raise OSError("the tools could not be installed; the reasons are above")
        shutil.copy(LOCK, stamp)
    return programs / (name + (".exe" if os.name == "nt" else ""))
