"""List what an image is made of, as a CycloneDX 1.6 document.

    python -m tools.sbom var/sbom.json -- docker run --rm -i --entrypoint python inkling -

The command after `--` must run the image's Python on what it reads. Named are its Python packages
and, on Debian, those of the system.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.licences import licence

# Runs inside the image: needs a Python and nothing else.
INSIDE = r"""
import json, platform, re
from importlib import metadata
try:
    words = open("/var/lib/dpkg/status", encoding="utf-8").read().split("\n\n")
except OSError:
    words = []
line = re.compile(r"^(Package|Version|Architecture|Status): (.*)$", re.M)
system = [dict(line.findall(it)) for it in words]
python = [[[key, value] for key, value in it.metadata.items() if key in
           ("Name", "Version", "License-Expression", "License", "Classifier")]
          for it in metadata.distributions()]
print(json.dumps({"python": platform.python_version(), "packages": python, "system": system}))
"""


class _Fields(dict[str, list[str]]):
    """Metadata fields that may come more than once."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, [default])[0]

    def get_all(self, name: str, default: Any = None) -> Any:
        return super().get(name, default)


def python_component(pairs: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the entry of a Python package, from its metadata."""
    fields = _Fields()
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    name, version = fields.get("Name"), fields.get("Version")
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version.replace('+', '%2B')}"
    said = fields.get("License-Expression")
    licences = [{"expression": said}] if said else [{"license": {"name": licence(fields)}}]
    return _component(name, version, purl) | {"licenses": licences}


def system_component(package: dict[str, str]) -> dict[str, Any]:
    """Return the entry of a Debian package."""
    name, version = package["Package"], package["Version"]
    quoted = version.replace("+", "%2B").replace(":", "%3A")
    purl = f"pkg:deb/debian/{name.replace('+', '%2B')}@{quoted}?arch={package['Architecture']}"
    return _component(name, version, purl)


def document(inside: dict[str, Any]) -> dict[str, Any]:
    """Return the whole document."""
    runtime = _component("python", inside["python"], f"pkg:generic/python@{inside['python']}")
    packages = [python_component(pairs) for pairs in inside["packages"]]
    installed = [it for it in inside["system"] if it.get("Status", "").endswith(" installed")]
    parts = {it["bom-ref"]: it for it in [runtime, *packages, *map(system_component, installed)]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {"type": "container", "name": "inkling", "bom-ref": "inkling"},
        },
        "components": [parts[reference] for reference in sorted(parts)],
    }


def _component(name: str, version: str, purl: str) -> dict[str, Any]:
    kind = {"type": "library", "bom-ref": purl}
    return {**kind, "name": name, "version": version, "purl": purl}


def main(argv: Sequence[str] | None = None) -> int:
    """Ask the image and write; return the exit status."""
    parser = argparse.ArgumentParser(description="List what an image is made of.")
    parser.add_argument("file", type=Path, help="what to write")
    parser.add_argument("command", nargs="+", help="what runs the image's Python")
    options = parser.parse_args(argv)
    try:
        run = subprocess.run(options.command, input=INSIDE, stdout=subprocess.PIPE, text=True)
        made = document(json.loads(run.stdout))
    except (OSError, ValueError) as error:
        print(f"sbom: the image could not be asked: {error}", file=sys.stderr)
        return 1
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(json.dumps(made, indent=1) + "\n")
    print(f"{options.file}: {len(made['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
