import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import setup_environment

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z]+):", TEXT, re.MULTILINE)

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str) -> str:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.check_output(command, cwd=ROOT, text=True, env=_bare_environment())


def _bare_environment() -> dict[str, str]:
    """Return PATH alone: `make test` itself exports its variables to what it runs."""
    return {"PATH": os.environ["PATH"]}


@needs_make
def test_help_has_one_line_for_every_target():
    lines = make("help").splitlines()

    assert [line.split()[:2] for line in lines] == [["make", target] for target in TARGETS]
    assert all(len(line.split()) > 4 and len(line) <= 100 for line in lines)


@needs_make
def test_make_alone_shows_the_help():
    assert make() == make("help")


def test_every_target_is_a_command_and_not_a_file():
    phony = re.search(r"^\.PHONY: (.*)", TEXT, re.MULTILINE)

    assert phony
    assert sorted(phony[1].split()) == sorted(TARGETS)


@needs_make
@pytest.mark.parametrize(
    ("target", "level"),
    [("run", "app"), ("train", "train"), ("evaluate", "train"), ("test", "dev"), ("lint", "dev")],
)
def test_a_target_first_sets_up_what_it_needs(target: str, level: str):
    first = make("--dry-run", target).splitlines()[0]

    assert first.split() == ["python3", "tools/setup_environment.py", level]


def test_only_training_and_development_ask_for_torch():
    assert setup_environment.torch_pins(ROOT, "app") == []
    for level in ("train", "dev"):
        pins = setup_environment.torch_pins(ROOT, level)
        assert [pin.split("==")[0] for pin in pins] == ["torch", "torchvision"]


def test_a_dashboard_that_was_set_up_first_does_not_decide_where_torch_comes_from(tmp_path: Path):
    for name in (*setup_environment.LEVELS.values(), "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    stamp = {"torch_index": "https://example.org"}

    assert setup_environment.install_torch(tmp_path, "app", stamp) is None
    assert setup_environment.install_torch(tmp_path, "app", {**stamp, "torch_source": ""}) == ""


def test_a_dashboard_is_set_up_whatever_index_torch_would_come_from(tmp_path: Path):
    for name in (*setup_environment.LEVELS.values(), "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    python = setup_environment.venv_python(tmp_path)
    python.parent.mkdir(parents=True)
    python.touch()
    levels = {name: setup_environment.digest(tmp_path, name) for name in ("app", "train")}
    setup_environment.write_stamp(tmp_path, {"torch_index": "here", "levels": levels})

    assert setup_environment.is_done(tmp_path, "app", "elsewhere")
    assert setup_environment.is_done(tmp_path, "train", "here")
    assert not setup_environment.is_done(tmp_path, "train", "elsewhere")


@needs_make
def test_the_port_and_torchs_index_can_be_chosen():
    lines = make("--dry-run", "run", "PORT=9000", "TORCH_INDEX=").splitlines()

    assert lines[0].endswith('app --torch-index=""') or '--torch-index="" app' in lines[0]
    assert lines[-1].endswith("run_streamlit.py --port 9000")
