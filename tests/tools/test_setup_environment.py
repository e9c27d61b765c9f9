import ast
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.wheel_index import Silent, Unavailable, add_wheel, serving
from tools import setup_environment

TOOLS = Path(setup_environment.__file__).parent
LOCKED: dict[str, str] = {}  # package -> its line in a lock, once its wheel is made


class Checkout:
    """A folder with the set-up script, tiny requirements, and an index that has them."""

    def __init__(self, root: Path, index_url: str) -> None:
        self.root = root
        shutil.copytree(TOOLS, root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "requirements-app.txt").write_text("-c constraints.txt\ntorch==2.13.0\n")
        (root / "requirements.txt").write_text("-r requirements-app.txt\ntorchvision==0.28.0\n")
        (root / "requirements-cluster.txt").write_text("-r requirements.txt\n")
        (root / "requirements-dev.txt").write_text("-r requirements-cluster.txt\nchecker==1.0\n")
        (root / "constraints.txt").write_text("torch==2.13.0\n")
        (root / "locks").mkdir()
        for level in setup_environment.LEVELS:
            checked = LOCKED.get("checker", "") if level == "dev" else ""
            (root / "locks" / f"{level}.txt").write_text(checked)
        # pip's configured index is the one on the loopback, whatever this machine has set
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        none = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "0"}
        self.environ = {**kept, **none, "PIP_INDEX_URL": index_url}

    def command(self, level: str, torch_index: str) -> list[str]:
        script = str(self.root / "tools" / "setup_environment.py")
        return [sys.executable, script, level, "--torch-index", torch_index]

    def set_up(self, level: str, torch_index: str = "") -> subprocess.CompletedProcess[str]:
        command = self.command(level, torch_index)
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=90)

    def version(self, module: str) -> str:
        """Return the version of an installed wheel; fails where it is not installed."""
        python = setup_environment.venv_python(self.root)
        code = f"import {module}; print({module}.version)"
        return subprocess.check_output([python, "-c", code], text=True).strip()


@pytest.fixture(scope="module")
def indices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address under which /pip is the configured index and /cpu is PyTorch's."""
    folder = tmp_path_factory.mktemp("indices")
    wheels = {"torch": "2.13.0", "torchvision": "0.28.0", "checker": "1.0"}
    for name, version in wheels.items():
        LOCKED[name] = add_wheel(folder / "pip", name, version)
    for name in ("torch", "torchvision"):
        add_wheel(folder / "cpu", name, wheels[name] + "+cpu")
    with serving(folder) as server:
        yield server.url  # type: ignore[attr-defined]


def test_set_up_goes_from_nothing_to_every_level_and_then_does_nothing(
    indices: str, tmp_path: Path
):
    checkout = Checkout(tmp_path, f"{indices}/pip")
    cpu = f"{indices}/cpu"

    first = checkout.set_up("app", cpu)

    assert first.returncode == 0, first.stdout + first.stderr
    assert checkout.version("torch") == "2.13.0+cpu"

    failed = Checkout.set_up(_without_index(checkout), "dev", cpu)

    assert failed.returncode == 1
    assert "run the same command again" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert checkout.set_up("app", cpu).stdout == "", "a failed set-up spoilt what was there"

    checkout.environ["PIP_INDEX_URL"] = f"{indices}/pip"
    assert checkout.set_up("dev", cpu).returncode == 0
    assert checkout.version("torchvision") == "0.28.0+cpu"
    assert checkout.version("checker") == "1.0"

    _without_index(checkout)
    for level in ("dev", "train", "app"):
        again = checkout.set_up(level, cpu)
        assert (again.returncode, again.stdout) == (0, ""), "a second run is not free"

    (checkout.root / "constraints.txt").write_text("torch==2.13.0\nchecker==1.0\n")
    changed = checkout.set_up("app", cpu)

    assert "installing requirements-app.txt" in changed.stdout
    assert checkout.version("checker") == "1.0", "a changed pin rebuilt everything"


def _without_index(checkout: Checkout) -> Checkout:
    checkout.environ["PIP_INDEX_URL"] = "http://127.0.0.1:1"
    return checkout


def test_torch_comes_from_pips_own_index_where_the_one_asked_for_is_down(
    indices: str, tmp_path: Path
):
    checkout = Checkout(tmp_path, f"{indices}/pip")

    with serving(Unavailable) as down:
        run = checkout.set_up("app", down.url)  # type: ignore[attr-defined]
        second = checkout.set_up("app", down.url)  # type: ignore[attr-defined]

    assert run.returncode == 0, run.stdout + run.stderr
    assert "cannot be used (HTTP Error 503" in run.stdout
    assert checkout.version("torch") == "2.13.0"
    assert second.stdout == ""


def test_a_wheel_that_the_lock_does_not_know_is_not_installed(indices: str, tmp_path: Path):
    checkout = Checkout(tmp_path, f"{indices}/pip")
    lock = tmp_path / "locks" / "dev.txt"
    lock.write_text(lock.read_text()[:-9] + "00000000\n")

    run = checkout.set_up("dev", f"{indices}/cpu")

    assert run.returncode == 1
    assert "DO NOT MATCH THE HASHES" in run.stdout + run.stderr
    assert not list((tmp_path / ".venv").glob("**/checker.py"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL for a process group")
def test_a_set_up_killed_in_the_middle_is_repaired_by_the_next(indices: str, tmp_path: Path):
    checkout = Checkout(tmp_path, "")
    with serving(Silent) as stuck:
        checkout.environ["PIP_INDEX_URL"] = stuck.url  # type: ignore[attr-defined]
        with subprocess.Popen(
            checkout.command("app", ""),
            env=checkout.environ,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            assert stuck.asked.wait(60)  # type: ignore[attr-defined]
            os.killpg(process.pid, signal.SIGKILL)
    # what a package looks like that pip was killed in the middle of
    torn = next((checkout.root / ".venv").glob("**/site-packages")) / "torch-2.13.0.dist-info"
    torn.mkdir()
    (torn / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 2.13.0\n")

    checkout.environ["PIP_INDEX_URL"] = f"{indices}/pip"
    run = checkout.set_up("app")

    assert run.returncode == 0, run.stdout + run.stderr
    assert checkout.version("torch") == "2.13.0"


@pytest.mark.skipif(sys.platform == "win32", reason="makes a Python out of symbolic links")
def test_a_python_without_ensurepip_names_debians_package(tmp_path: Path):
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    library = tmp_path / "lib" / version
    library.mkdir(parents=True)
    for entry in Path(sysconfig.get_path("stdlib")).iterdir():
        if entry.name not in ("ensurepip", "site-packages", "dist-packages"):
            (library / entry.name).symlink_to(entry)

    run = subprocess.run(
        [sys.executable, TOOLS / "setup_environment.py", "app"],
        env={**os.environ, "PYTHONHOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert run.returncode == 1
    assert "`apt install python3-venv`" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_python_that_is_too_new_or_too_old_is_told_which_ones_fit(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(setup_environment, "OLDEST", (3, 98))
    monkeypatch.setattr(setup_environment, "NEWEST", (3, 99))

    with pytest.raises(setup_environment.SetUpError, match=r"needs 3\.98 to 3\.99"):
        setup_environment.check_python()


def test_an_old_python_can_read_the_script_that_turns_it_away():
    source = (TOOLS / "setup_environment.py").read_text()

    ast.parse(source, feature_version=(3, 7))
    assert "from __future__ import annotations" in source  # newer type syntax is never evaluated
