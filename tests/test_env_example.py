import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"
CODE = ["environment.py", "run_model.py", "run_streamlit.py"]
PACKAGES = ["model", "feedback", "streamlit"]


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

    assert set(dotenv_values(EXAMPLE)) == read


def test_every_setting_of_the_example_is_explained_above_its_line():
    lines = EXAMPLE.read_text().splitlines()
    explained = [line[2:].split(":")[0] for line in lines if line.startswith("# ") and ":" in line]

    for key in dotenv_values(EXAMPLE):
        assert key in explained


def test_a_copied_example_sets_nothing():
    assert set(dotenv_values(EXAMPLE).values()) == {""}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_real_env_file_is_never_committed(tmp_path: Path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    for name in (".env", ".env.production", ".env.example"):
        (tmp_path / name).touch()

    command = ["git", "ls-files", "--others", "--exclude-standard"]
    offered = subprocess.check_output(command, cwd=tmp_path, text=True).split()

    assert offered == [".env.example", ".gitignore"]
