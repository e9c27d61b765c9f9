"""Programs in environments of their own: they are no part of what they look at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def program(name: str, kind: str = "tools") -> Path:
    """Return the path of a program, which is installed at first; OSError if it cannot be.

    kind: `tools` has `uv` and `pip-audit`, `mlflow` MLflow with its page. They come by
    `locks/tools.txt` and `locks/experiments.txt`, with hashes, into `.venv-tools` and
    `.venv-mlflow`, and are installed anew where the lock has changed.
    """
    lock = ROOT / "locks" / {"tools": "tools.txt", "mlflow": "experiments.txt"}[kind]
    folder = ROOT / f".venv-{kind}"
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        options = ["-q", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
        for command in (
            [sys.executable, "-m", "venv", str(folder)],
            [*pip, *options, "-r", str(lock)],
        ):
            if subprocess.run(command, cwd=ROOT).returncode != 0:
                raise OSError(f"{name} could not be installed; the reasons are above")
        shutil.copy(lock, stamp)
    return programs / (name + (".exe" if os.name == "nt" else ""))
