"""Make `.venv` with one level of the pinned requirements; where it is already there, do nothing.

What pip takes must have a hash that the level's lock lists; torch alone comes from an index of its
own, and without.

    python tools/setup_environment.py {app,train,cluster,dev} [--torch-index URL]

Needs a Python and nothing else. Also runs under a Python that is too old, to say so or to hand over
to a newer one: keep the syntax plain.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import json
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator, Sequence  # noqa: UP035 - an old Python must read this file

ROOT = Path(__file__).resolve().parent.parent
LEVELS = {
    "app": "requirements-app.txt",
    "train": "requirements.txt",
    "cluster": "requirements-cluster.txt",
    "dev": "requirements-dev.txt",
}
LOCKS = {level: f"locks/{level}.txt" for level in LEVELS}  # each is complete, torch aside
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PROBE_LIMIT_S = 6.0
OLDEST, NEWEST = (3, 11), (3, 14)  # NEWEST: the last Python for which every pin has a wheel


class SetUpError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def check_python() -> None:
    """Raise SetUpError where this Python cannot carry the project."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetUpError(
            f"this is Python {platform.python_version()}; Inkling needs 3.{OLDEST[1]} to "
            f"3.{NEWEST[1]}. Install one of these and name it: make PYTHON=python3.{NEWEST[1]} "
            f"..., or python3.{NEWEST[1]} tools/setup_environment.py ..."
        )
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        raise SetUpError(
            "Neither ONNX Runtime nor PyTorch ships packages for Intel Macs any longer. On an "
            "Apple-silicon Mac this Python runs under Rosetta: install an arm64 Python. Otherwise "
            "use the container."
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetUpError(
            "this Python cannot make virtual environments: its venv or ensurepip module is "
            "missing. On Debian and Ubuntu they are a package of their own: as root, "
            f"`apt install python3-venv` (python3.{sys.version_info[1]}-venv for a Python beside "
            "the system's). Then run the same command again."
        )


def suitable_python() -> str | None:
    """Return the command of an installed Python that fits, or None where there is none."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        command = shutil.which(f"python3.{minor}")
        works = command and subprocess.run([command, "-c", ""], capture_output=True).returncode == 0
        if works:
            return command
    return None


def venv_python(root: Path) -> Path:
    """Return where the virtual environment's Python is."""
    return root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def digest(root: Path, level: str) -> str:
    """Return a hash over this Python's version and the level's requirement files."""
    hashed = hashlib.sha256(repr(sys.version_info[:2]).encode())
    files = list(LEVELS.values())[: list(LEVELS).index(level) + 1]
    for name in [*files, "constraints.txt", LOCKS[level]]:
        hashed.update((root / name).read_bytes())
    return hashed.hexdigest()


def read_stamp(root: Path) -> dict[str, Any]:
    """Return what the last run left; {} where this script has made nothing yet.

    `levels`: level -> digest of what is installed; `torch_index`: the one asked for;
    `torch_source`: the one used, "" for pip's own, once torch is installed; `unfinished`: the run
    never came to its end.
    """
    try:
        return dict(json.loads((root / ".venv" / "inkling-setup.json").read_text()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return {"unfinished": True}


def write_stamp(root: Path, stamp: dict[str, Any]) -> None:
    """Keep `stamp` for the next run."""
    (root / ".venv").mkdir(exist_ok=True)
    (root / ".venv" / "inkling-setup.json").write_text(json.dumps(stamp, indent=1))


def is_done(root: Path, level: str, torch_index: str) -> bool:
    """Tell whether the level, or one that includes it, is installed as the files ask for."""
    stamp = read_stamp(root)
    if stamp.get("unfinished") or not asks_for(root, level, stamp, torch_index):
        return False
    enough = list(LEVELS)[list(LEVELS).index(level) :]
    installed = stamp.get("levels", {})
    return venv_python(root).exists() and any(
        installed.get(other) == digest(root, other) for other in enough
    )


def asks_for(root: Path, level: str, stamp: dict[str, Any], torch_index: str) -> bool:
    """Tell whether a level is content with the index that the last run was told; some need none."""
    return not torch_pins(root, level) or stamp.get("torch_index") == torch_index


def torch_pins(root: Path, level: str) -> list[str]:
    """Return the level's pins of torch and torchvision, such as ["torch==2.13.0"]; [] for app."""
    files = list(LEVELS.values())[: list(LEVELS).index(level) + 1]
    text = "\n".join((root / name).read_text() for name in files)
    return re.findall(r"^(torch(?:vision)?==\S+)", text, re.MULTILINE)


def why_unreachable(root: Path, index: str, pin: str) -> str:
    """Return why `index` cannot serve `pin`, "" if it can; takes PROBE_LIMIT_S at most."""
    probe = Path(__file__).with_name("probe_index.py")
    command = [str(venv_python(root)), "-I", str(probe), index, *pin.split("==")]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"no answer in {PROBE_LIMIT_S:.0f} s"
    if answer.returncode == 0:
        return ""
    return answer.stdout.strip() or "the probe itself failed: " + answer.stderr.strip()[-200:]


def pip(root: Path, *arguments: str) -> bool:
    """Run the virtual environment's pip, its words shown; tell whether it succeeded."""
    options = ["--disable-pip-version-check", "--no-input", "--require-virtualenv"]
    command = [str(venv_python(root)), "-I", "-m", "pip", *options, *arguments]
    return subprocess.run(command, cwd=root).returncode == 0


def make_venv(root: Path) -> None:
    """Make an empty virtual environment in place of whatever is at `.venv`."""
    shutil.rmtree(root / ".venv", ignore_errors=True)
    write_stamp(root, {"unfinished": True})  # first of all, so that a killed run is noticed
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(root / ".venv")], capture_output=True, text=True
    )
    if made.returncode != 0:
        raise SetUpError(f"no virtual environment could be made: {made.stdout}{made.stderr}")


def install_torch(root: Path, level: str, stamp: dict[str, Any]) -> str | None:
    """Install torch from the index asked for if it answers; return it, or "" for pip's own.

    Where the level has no torch, that stays as it is: None if there is none at all.
    """
    index = stamp["torch_index"]
    pins = torch_pins(root, level)
    if not pins:
        return stamp.get("torch_source")
    if not index or stamp.get("torch_source") == "":
        return ""  # where torch once came from pip's own index, torchvision follows it
    reason = why_unreachable(root, index, pins[0])
    if not reason:
        arguments = ["install", "--no-user", "--no-deps", "--only-binary=:all:", "--retries=1"]
        if pip(root, *arguments, f"--index-url={index}", *pins):
            return str(index)
        reason = "pip could not install from it"
    print(
        f"set-up: {index} cannot be used ({reason}); torch comes from pip's own index.", flush=True
    )
    return ""


def install_locked(root: Path, level: str, source: str | None) -> bool:
    """Install the level's lock, and what is left of torch; tell whether that succeeded.

    source: where torch came from. "" is pip's own index, whose torch may bring packages along that
    other builds have no use for (CUDA's).
    """
    wheels = ["install", "--no-user", "--only-binary=:all:"]
    if not pip(root, *wheels, "--no-deps", "--require-hashes", "-r", LOCKS[level]):
        return False
    pins = torch_pins(root, level)
    return source != "" or not pins or pip(root, *wheels, "-c", "constraints.txt", *pins)


def installed_packages(root: Path) -> set[str]:
    """Return the names and versions in the virtual environment, as its folders spell them."""
    return {path.name for path in (root / ".venv").glob("**/site-packages/*.dist-info")}


def install(root: Path, level: str, torch_index: str) -> None:
    """Bring `.venv` to the level, from whatever state it is in; SetUpError if that fails."""
    before = read_stamp(root)
    if not torch_pins(root, level):
        torch_index = before.get("torch_index", torch_index)
    fits = before.get("python") in (None, list(sys.version_info[:2]))
    broken = before.get("unfinished") or before.get("torn") or not venv_python(root).exists()
    if broken or not fits or before.get("torch_index", torch_index) != torch_index:
        make_venv(root)
        before = {}
    stamp = {**before, "torch_index": torch_index, "python": list(sys.version_info[:2])}
    write_stamp(root, {**stamp, "unfinished": True})

    print(f"set-up: installing {LEVELS[level]} into .venv; this is done once.", flush=True)
    source = install_torch(root, level, stamp)
    packages = installed_packages(root)
    if not install_locked(root, level, source):
        if before and installed_packages(root) >= packages:
            # What was there still is, for the levels that need no more; but a package that was
            # being added may be torn, so that the next installation starts from nothing.
            write_stamp(root, {**before, "torn": installed_packages(root) > packages})
        raise SetUpError(
            "pip could not install the requirements; its reasons are above. With the cause out of "
            "the way (network? disk space?), run the same command again: it starts from clean."
        )
    names = list(LEVELS)[: list(LEVELS).index(level) + 1]
    levels = {**before.get("levels", {}), **{name: digest(root, name) for name in names}}
    known = {} if source is None else {"torch_source": source}
    write_stamp(root, {**stamp, **known, "levels": levels})


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Keep a second set-up of this checkout waiting until the first has ended."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with open(root / ".venv.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("set-up: waiting for another set-up of this folder to end.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(root: Path, level: str, torch_index: str) -> None:
    """Leave `.venv` with the level installed, and say what was done unless it was nothing."""
    if is_done(root, level, torch_index):
        return
    start = time.monotonic()
    with one_at_a_time(root):
        if not is_done(root, level, torch_index):  # the one waited for may have done it
            install(root, level, torch_index)
            print(f"set-up: done in {time.monotonic() - start:.0f} s.", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(description="Make .venv with the pinned requirements.")
    parser.add_argument(
        "level",
        choices=LEVELS,
        help="the dashboard, the trainer too, what reaches a cluster too, tests too",
    )
    parser.add_argument(
        "--torch-index",
        default=CPU_INDEX if sys.platform.startswith("linux") else "",
        help="where torch comes from; empty: from pip's own index (default: %(default)r)",
    )
    options = parser.parse_args(argv)
    try:
        if not OLDEST <= sys.version_info[:2] <= NEWEST and suitable_python():
            return subprocess.call([str(suitable_python()), __file__, *(argv or sys.argv[1:])])
        check_python()
        set_up(ROOT, options.level, options.torch_index)
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nset-up: interrupted; the next run starts from clean.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
