"""The Python files of the project."""

from __future__ import annotations

from pathlib import Path

from environment import ROOT


def our_python_files() -> list[Path]:
    """Return every Python file of the project, relative to its root."""
    everything = (path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
    return [path for path in everything if not any(part[0] == "." for part in path.parts)]
