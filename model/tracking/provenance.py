"""Where figures come from: the code, the data, the machine."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from environment import ROOT

DIGIT_FILES = "MNIST/raw/train-*", "pen/*.ndjson", "pen/*.ndjson.gz"
CHARACTER_FILES = (
    *DIGIT_FILES,
    "EMNIST/raw/emnist-by*-train-*",
    *(
        f"{folder}/*.{ending}"
        for folder in ("pen-more", "lines")
        for ending in ("ndjson", "ndjson.gz")
    ),
)
TRAINING_FILES = {"digits": DIGIT_FILES, "characters": CHARACTER_FILES}
PACKAGES = ("torch", "numpy", "onnx", "onnxruntime")  # whose versions may change a figure


def code_version() -> dict[str, str]:
    """Return what tells which code ran: the version, and the commit where git knows one."""
    program = Path(sys.argv[0]).name
    known = {"version": _own_version(), "mlflow.source.name": program}
    known["mlflow.source.type"] = "LOCAL"
    if commit := _git("rev-parse", "HEAD"):
        known["mlflow.source.git.commit"] = commit
        known["code.changed_since"] = str(bool(_git("status", "--porcelain", "-uno")))
    for package in PACKAGES:
        try:
            known[f"package.{package}"] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return known


def _own_version() -> str:
    try:
        return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
    except (OSError, KeyError, ValueError):
        return "unknown"  # an image has no pyproject.toml


def _git(*arguments: str) -> str:
    """Return what git says of the project's own repository; "" where there is none, or no git."""
    if not (ROOT / ".git").exists():
        return ""
    try:
        return subprocess.check_output(
            ["git", *arguments], cwd=ROOT, text=True, stderr=subprocess.DEVNULL, timeout=10
        ).strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def machine() -> dict[str, str]:
    """Return what a run's duration, and its last digits, depend on."""
    known = {
        "machine.system": platform.platform(),
        "machine.python": platform.python_version(),
        "machine.processor": _processor(),
        "machine.cores": str(os.cpu_count()),
    }
    if hasattr(os, "sysconf"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        known["machine.memory_gb"] = f"{memory / 2**30:.1f}"
    return known


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(
            line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")
        )
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def digests(files: Iterable[Path], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file, by its name as seen from a folder, in that order.

    Files that cannot be read are left out: whoever needs them says so.
    """
    known = {}
    for path in files:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            continue
        known[path.relative_to(folder).as_posix()] = digest
    return known


def training_files(data_dir: Path, kind: str = "digits") -> list[Path]:
    """Return the files that train and validate a reader: the training sets of scans, and strokes.

    kind: what it reads, `digits` or `characters`.
    """
    return [path for pattern in TRAINING_FILES[kind] for path in sorted(data_dir.glob(pattern))]
