"""How the process is configured: the one place that reads environment variables and `.env`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent


def read_environment(env_file: Path = ROOT / ".env") -> dict[str, str]:
    """Return the settings by name: the process's environment over `.env`, empty values left out.

    An empty value counts as not set, so that `DB_HOST=` in a copied `.env.example` means nothing.
    A file that is not UTF-8 ends the program with a sentence that names it.
    """
    settings: Mapping[str, str | None] = {**_read_file(env_file), **os.environ}
    return {name: value for name, value in settings.items() if value}


def _read_file(env_file: Path) -> dict[str, str | None]:
    try:
        # As it stands: a password may hold `${`.
        return dotenv_values(env_file, interpolate=False)
    except UnicodeDecodeError:
        sys.exit(f"{env_file} is not in UTF-8: save it again as plain text in UTF-8")


def project_path(value: str) -> Path:
    """Return the path that a setting names; a relative one is taken from the project's root."""
    try:
        return ROOT / Path(value).expanduser()
    except RuntimeError:  # `~somebody`, whom this machine does not know
        return ROOT / value


def data_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the datasets: DATA_DIR, or `data/` in the project."""
    return project_path(environ.get("DATA_DIR", "data"))
