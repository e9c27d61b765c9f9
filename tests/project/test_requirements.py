import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import licences, setup_environment

ROOT = Path(__file__).parent.parent.parent
LOCKS = {
    "requirements-app.txt": "locks/app.txt",
    "requirements.txt": "locks/train.txt",
    "requirements-cluster.txt": "locks/cluster.txt",
    "requirements-dev.txt": "locks/dev.txt",
    "requirements-tools.txt": "locks/tools.txt",
    "requirements-experiments.txt": "locks/experiments.txt",
}
FROM_AN_INDEX_OF_ITS_OWN = {"torch", "torchvision"}
FILES = tuple(setup_environment.LEVELS.values())


def requirements(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def pins(name: str) -> dict[str, Version]:
    """Return package -> version; fails for a requirement that is not pinned exactly."""
    pinned = {}
    for requirement in requirements(name):
        match = re.fullmatch(r"==([^,*]+)", str(requirement.specifier))
        assert match, f"{name}: {requirement} is not an exact version"
        pinned[canonicalize_name(requirement.name)] = Version(match[1])
    return pinned


@pytest.mark.parametrize("name", FILES)
def test_a_requirement_and_its_constraint_name_the_same_version(name: str):
    constrained = pins("constraints.txt")

    for package, version in pins(name).items():
        assert constrained[package] == version


def test_whatever_the_requirements_bring_in_is_constrained_to_what_is_tested():
    constrained = pins("constraints.txt")
    waiting = [
        r.name
        for name in FILES
        for r in requirements(name)
        if r.marker is None or r.marker.evaluate()
    ]
    seen: set[str] = set()
    while waiting:
        package = canonicalize_name(waiting.pop())
        if package in seen:
            continue
        seen.add(package)
        if package.startswith(("nvidia-", "cuda-", "triton")):
            continue  # pinned by torch itself, where it is built for CUDA
        installed = Version(metadata.version(package))
        assert constrained.get(package) == Version(installed.public), f"{package} {installed}"
        for line in metadata.requires(package) or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(needed.name)


def locked(name: str) -> dict[str, Version]:
    """Return package -> version of a lock; fails for a package without a hash."""
    packages = re.split(r"^(?=\w)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    versions = {}
    for package in packages:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", package), package
        requirement = Requirement(package.split("\\")[0])
        versions[canonicalize_name(requirement.name)] = Version(str(requirement.specifier)[2:])
    return versions


@pytest.mark.parametrize("name", LOCKS)
def test_a_requirement_and_its_lock_name_the_same_version(name: str):
    lock = locked(LOCKS[name])
    asked = {it: pin for it, pin in pins(name).items() if it not in FROM_AN_INDEX_OF_ITS_OWN}

    assert {package: lock.get(package) for package in asked} == asked


@pytest.mark.parametrize("name", FILES)
def test_a_lock_holds_the_constrained_versions_of_all_that_is_brought_in(name: str):
    lock, constrained = locked(LOCKS[name]), pins("constraints.txt")
    below = FILES[: FILES.index(name) + 1]
    needed = set().union(*map(brought_in, below)) - FROM_AN_INDEX_OF_ITS_OWN
    of_cuda = {package for package in needed if package.startswith(("nvidia", "cuda", "triton"))}

    assert needed - of_cuda <= lock.keys()
    assert {package: constrained.get(package) for package in lock} == lock


def test_no_lock_says_where_packages_come_from():
    for lock in LOCKS.values():
        assert "://" not in (ROOT / lock).read_text()


def test_the_list_of_licences_is_that_of_the_locks():
    text = (ROOT / "LICENCES.md").read_text()
    rows = re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \| (.+) \| (\w+) \|$", text, re.MULTILINE)[1:]
    everything = licences.locked("dev")

    assert {package: version for package, version, _, _ in rows} == everything
    assert all(words for _, _, words, _ in rows)
    assert {row[0] for row in rows if row[3] == "dashboard"} == licences.locked("app").keys()


def test_the_container_gets_no_trainer_and_no_test_tool():
    app = pins("requirements-app.txt")

    assert not app.keys() & {"scikit-learn", "matplotlib", "tqdm", "pytest", "ruff"}


def brought_in(name: str) -> set[str]:
    """Return the packages that a requirement file installs, with all that they need."""
    here = [r.name for r in requirements(name) if r.marker is None or r.marker.evaluate()]
    waiting, seen = here, set()
    while waiting:
        package = canonicalize_name(waiting.pop())
        if package in seen:
            continue
        seen.add(package)
        for line in metadata.requires(package) or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(needed.name)
    return seen


def test_the_dashboard_is_installed_without_torch_and_whatever_needs_it():
    packages = brought_in("requirements-app.txt")

    assert "onnxruntime" in packages
    assert not packages & {"torch", "torchvision", "captum", "onnx", "onnxscript", "sympy"}


def test_the_trainer_is_installed_with_all_the_named_packages():
    trainer = pins("requirements.txt")

    assert {"torch", "torchvision", "onnx", "onnxscript", "scikit-learn"} <= trainer.keys()
    assert "-r requirements-app.txt" in (ROOT / "requirements.txt").read_text()
    assert "captum" in pins("requirements-dev.txt")
