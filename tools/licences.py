"""Write LICENCES.md: every package that Inkling installs, its version, and its licence.

    python -m tools.licences

Names and versions are those of locks/dev.txt, and torch's; licences are what the packages say of
themselves. A package that only another system or Python installs is looked up in its wheel.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from email.message import Message
from email.parser import Parser
from importlib import metadata
from pathlib import Path
from typing import Any

from tools.setup_environment import LOCKS, torch_pins
from tools.toolbox import ROOT

FILE = ROOT / "LICENCES.md"
USES = {"app": "dashboard", "train": "trainer", "cluster": "cluster", "dev": "development"}
INTRODUCTION = """# Licences of what Inkling installs

Made by `make licences` from `locks/` and what the packages say of themselves. The texts lie beside
each installed package, in its `*.dist-info`.

| package | version | licence | for |
| --- | --- | --- | --- |
"""


def locked(level: str) -> dict[str, str]:
    """Return package -> version of a level, torch included."""
    text = (ROOT / LOCKS[level]).read_text()
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    return {**dict(pins), **dict(pin.split("==") for pin in torch_pins(ROOT, level))}


def licence(about: Mapping[str, Any] | Message) -> str:
    """Return a package's licence in a few words, from its metadata."""
    fields: Any = about
    expression = fields.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [
        line.split(" :: ")[-1]
        for line in fields.get_all("Classifier", [])
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    # The field is free text, in some packages the whole licence: then its first line.
    words = (fields.get("License") or "").strip().splitlines()[:1]
    return "; ".join(classifiers or words) or "see its files"


def metadata_of(package: str, version: str) -> Message | Mapping[str, Any]:
    """Return this version's metadata, installed or from its wheel; OSError if there is none."""
    try:
        about = metadata.metadata(package)
        if about["Version"].split("+")[0] == version:
            return about  # type: ignore[return-value]
    except metadata.PackageNotFoundError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        options = ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "-q"]
        to = ["-d", folder, f"{package}=={version}"]
        command = [sys.executable, "-m", "pip", "download", *options, *to]
        if subprocess.run(command).returncode != 0:
            raise OSError(f"{package} {version} is neither installed nor to be had")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            name = next(it for it in wheel.namelist() if it.endswith(".dist-info/METADATA"))
            return Parser().parsestr(wheel.read(name).decode())


def table() -> str:
    """Return the file's text."""
    levels = {level: locked(level) for level in USES}
    rows = []
    for package, version in sorted(levels["dev"].items()):
        use = next(words for level, words in USES.items() if package in levels[level])
        words = licence(metadata_of(package, version)).replace("|", "/")
        rows.append(f"| {package} | {version} | {words} | {use} |\n")
    return INTRODUCTION + "".join(rows)


def main() -> int:
    """Write the file; return the exit status."""
    try:
        FILE.write_text(table())
    except OSError as error:
        print(f"licences: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
