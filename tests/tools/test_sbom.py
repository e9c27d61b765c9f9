"""The list of what an image is made of names every package once, in CycloneDX's words."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

from tools import sbom


def test_every_package_of_the_python_that_answers_is_listed_with_version_and_licence(
    tmp_path: Path,
):
    file = tmp_path / "new" / "sbom.json"

    assert sbom.main([str(file), "--", sys.executable, "-"]) == 0

    made = json.loads(file.read_text())
    parts = {part["bom-ref"]: part for part in made["components"]}
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert len(parts) == len(made["components"])
    numpy = parts[f"pkg:pypi/numpy@{metadata.version('numpy')}"]
    assert "BSD-3-Clause" in numpy["licenses"][0]["expression"]


def test_a_debian_package_is_named_as_other_tools_name_it():
    package = {"Package": "libstdc++6", "Version": "1:12.2-1+b1", "Architecture": "amd64"}

    part = sbom.system_component(package)

    assert part["purl"] == "pkg:deb/debian/libstdc%2B%2B6@1%3A12.2-1%2Bb1?arch=amd64"


def test_an_image_that_cannot_be_asked_leaves_no_file(tmp_path: Path):
    file = tmp_path / "sbom.json"

    assert sbom.main([str(file), "--", sys.executable, "-c", "raise SystemExit(3)"]) == 1
    assert not file.exists()
