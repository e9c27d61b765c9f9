"""What the contract's service did wrong beside its answers: each shown absent.

Its answers are the subject of `test_contract.py`, what its trainings did that of `jobs`, who may
do what that of `test_rules.py`.
"""

from __future__ import annotations

import ast
import subprocess
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from api.__main__ import parse_args
from environment import ROOT
from model.datasets.mnist import load_mnist
from model.estimators.member_kinds import build
from model.tuning import member_data
from model.tuning.grids import Grid, Request
from tests.model.crossval.pools import few, write_data
from tools import experiments


def test_small_trains_on_training_images_alone_and_no_image_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(member_data, "CACHE", tmp_path / "renderings")
    data_dir = write_data(tmp_path / "data")  # 300 images to train, 60 to test, all different
    request = Request({"svm": Grid({"C": [1]}, 1, 2)}, small=True, subset=200)

    data = member_data.gather_for_members(request, data_dir)

    inks = few().images.numpy().reshape(-1, 784)
    to_train, to_test = ({ink.tobytes() for ink in part} for part in (inks[:-60], inks[-60:]))
    assert {image.tobytes() for image in data.search.images} <= to_train - to_test
    assert len(data.search.images) == 200
    for train, count, first in ((True, 300, inks[0]), (False, 60, inks[300])):
        read = load_mnist(data_dir, train=train).images.numpy().reshape(-1, 784)
        assert len(read) == count
        assert read[0].tobytes() == first.tobytes()


def listed() -> set[str]:
    """Return the names of the packages that the requirements list."""
    lines = [
        line for path in ROOT.glob("requirements*.txt") for line in path.read_text().split("\n")
    ]
    return {
        canonicalize_name(Requirement(line).name)
        for line in lines
        if line and not line.startswith(("#", "-"))
    }


def test_whatever_the_tests_of_the_service_import_is_listed():
    imported = set()
    for path in (ROOT / "tests" / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module).partition(".")[0])
    packages = metadata.packages_distributions()
    foreign = {name for name in imported if name in packages}

    assert {"pytest", "numpy", "starlette", "psutil"} <= foreign
    brought = {"starlette", "hypothesis", "packaging"}  # by fastapi, schemathesis, pytest
    for name in foreign - brought:
        assert {canonicalize_name(package) for package in packages[name]} & listed(), name


def test_no_requirement_is_of_one_system_alone():
    assert {name for name in listed() if name.startswith(("tensorflow", "pywin"))} == set()


def test_the_service_listens_on_this_machine_alone_unless_it_is_told_otherwise(monkeypatch):
    monkeypatch.delenv("API_PORT", raising=False)

    assert (parse_args([]).address, parse_args([]).port) == ("127.0.0.1", 8001)


def test_what_was_tracked_is_shown_to_this_machine_alone(monkeypatch, tmp_path):
    started = []
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setattr(experiments, "program", lambda *_: Path("mlflow"))
    monkeypatch.setattr(subprocess, "call", lambda command, **_: started.append(command) or 0)

    assert experiments.main([]) == 0

    (command,) = started
    assert command[command.index("--host") + 1] == "127.0.0.1"


def test_no_member_is_given_a_parameter_that_it_does_not_know():
    digits = few(100)
    pixels = digits.images.numpy().reshape(-1, 784) / 255.0
    # It warns where it may, which would fail this test.
    member = build("xgboost", {"n_estimators": 2}, seed=0).set_params(verbosity=1)

    member.fit(pixels, digits.labels.numpy())

    assert member.get_params()["n_estimators"] == 2
    assert "use_label_encoder" not in member.get_params()
