from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from environment import ROOT

IMPORT = (
    "from model.datasets.torchvision_pairing import import_torchvision; tv = import_torchvision(); "
)


def run(code: str, *first_on_path: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(map(str, [*first_on_path, ROOT]))
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def without_operators(tmp_path: Path) -> Path:
    """The installed torchvision, its compiled operators left out: what a mismatch amounts to."""
    spec = importlib.util.find_spec("torchvision")
    assert spec
    assert spec.origin
    copy = tmp_path / "torchvision"
    copy.mkdir()
    for entry in Path(spec.origin).parent.iterdir():
        if not entry.name.startswith(("_C", "__pycache__")):
            (copy / entry.name).symlink_to(entry)
    return tmp_path


def package(folder: Path, code: str) -> Path:
    (folder / "torchvision").mkdir()
    (folder / "torchvision" / "__init__.py").write_text(code)
    return folder


def test_the_installed_pairing_gives_datasets_and_transforms() -> None:
    result = run(IMPORT + "tv.datasets.MNIST; tv.transforms.RandomAffine; print(tv.__version__)")

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("0.28")


def test_a_mismatched_pairing_fails_without_the_cure_and_works_with_it(
    without_operators: Path,
) -> None:
    bare = run("import torchvision", without_operators)
    cured = run(
        IMPORT + "from torchvision import datasets, transforms; print(tv.__file__)",
        without_operators,
    )

    assert "operator torchvision::nms does not exist" in bare.stderr
    assert cured.returncode == 0, cured.stderr
    assert cured.stdout.startswith(str(without_operators))


def test_after_the_cure_the_missing_operators_still_say_that_they_are_missing(
    without_operators: Path,
) -> None:
    result = run(
        IMPORT + "import torch; tv.ops.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)",
        without_operators,
    )

    assert "Couldn't load custom C++ ops" in result.stderr


def test_a_pairing_that_imports_by_itself_is_left_alone(tmp_path: Path) -> None:
    result = run(
        IMPORT + "import torch; print(hasattr(torch.ops.torchvision, 'nms'))",
        package(tmp_path, "matched = True"),
    )

    assert result.stdout.strip() == "False", result.stderr


@pytest.mark.parametrize("error", ["RuntimeError('out of memory')", "OSError('no libjpeg')"])
def test_another_failure_is_passed_on(tmp_path: Path, error: str) -> None:
    result = run(IMPORT, package(tmp_path, f"raise {error}"))

    assert result.returncode == 1
    assert error.partition("(")[0] in result.stderr.splitlines()[-1]


def test_nothing_that_is_installed_is_edited(without_operators: Path) -> None:
    files = [path for path in without_operators.rglob("*.py") if path.is_file()]
    before = {path: path.read_bytes() for path in files}

    assert run(IMPORT, without_operators).returncode == 0

    assert {path: path.read_bytes() for path in files} == before
