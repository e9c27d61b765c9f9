import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

from model.weight_files.places import DEFAULT_WEIGHTS

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / ".env.example"
KEYS = re.findall(r"^#([A-Z_]+)=$", EXAMPLE.read_text(), re.MULTILINE)
CODE = [
    "environment.py",
    "learn_from_answers.py",
    "learn_from_store.py",
    "run_model.py",
    "run_streamlit.py",
    "training_options.py",
]
PACKAGES = ["model", "feedback", "serving", "streamlit", "api"]


def test_the_default_weights_are_the_ones_that_are_loaded():
    assert f"model/weights/{DEFAULT_WEIGHTS.name} if not set" in EXAMPLE.read_text()


def keys_read(source: str) -> Iterator[str]:
    """Yield the settings that a module takes from `environ` or `read_environment()`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Subscript(value=mapping, slice=ast.Constant(value=str(key))):
                found = mapping
            case ast.Call(
                func=ast.Attribute(value=mapping, attr="get"),
                args=[ast.Constant(value=str(key)), *_],
            ):
                found = mapping
            case ast.Call(args=[mapping, ast.Constant(value=str(key)), *_]):
                found = mapping
            case ast.Compare(
                left=ast.Constant(value=str(key)), ops=[ast.In()], comparators=[mapping]
            ):
                found = mapping
            case _:
                continue
        if ast.unparse(found) in ("environ", "read_environment()"):
            yield key


def test_the_example_lists_exactly_the_settings_that_the_code_reads():
    files = [ROOT / name for name in CODE]
    files += [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]

    read = {key for path in files for key in keys_read(path.read_text())}

    assert sorted(KEYS) == sorted(read)


def test_every_setting_of_the_example_is_explained_right_above_it():
    for paragraph in re.findall(r"((?:^# .*\n)+)#([A-Z_]+)=$", EXAMPLE.read_text(), re.MULTILINE):
        assert paragraph[0].startswith(f"# {paragraph[1]}: ")

    assert len(re.findall(r"^# [A-Z_]+: ", EXAMPLE.read_text(), re.MULTILINE)) == len(KEYS)


def test_a_copied_example_sets_nothing():
    # not even to nothing: `docker run --env-file` would overwrite the image's own settings
    assert dotenv_values(EXAMPLE) == {}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_real_env_file_is_never_committed(tmp_path: Path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    for name in (".env", ".env.production", ".env.example"):
        (tmp_path / name).touch()

    command = ["git", "ls-files", "--others", "--exclude-standard"]
    offered = subprocess.check_output(command, cwd=tmp_path, text=True).split()

    assert offered == [".env.example", ".gitignore"]
