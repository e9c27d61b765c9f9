"""The folder is the architecture: arrows point one way, and importing does nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from environment import ROOT

EDGES = {"run_model", "run_streamlit", "streamlit", "api", "benchmarks", "tools"}
FORBIDDEN = {
    "model": {"feedback", "sqlalchemy", "alembic", "psycopg2"} | EDGES,
    "feedback": {"model", "torch", "torchvision"} | EDGES,
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_knowledge_imports_neither_edges_nor_the_other_kind(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imports(file)
        if name in FORBIDDEN[package]
    ]

    assert len(files) > 5
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("model.train", "sqlalchemy streamlit torchvision"),
        ("feedback.store", "torch streamlit"),
        ("feedback.statistics", "torch streamlit pandas"),
    ],
)
def test_training_needs_no_database_and_the_store_no_network(module: str, unwanted: str) -> None:
    code = f"import sys, {module}; print(*set({unwanted.split()}) & set(sys.modules))"

    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert loaded.split() == []


def test_the_environment_is_read_in_one_file() -> None:
    readers = {
        str(file.relative_to(ROOT))
        for folder in ("model", "feedback", "streamlit", ".")
        for file in (ROOT / folder).glob("*.py" if folder == "." else "**/*.py")
        if any(word in file.read_text() for word in ("os.environ", "getenv", "dotenv_values"))
    }

    assert readers == {"environment.py"}


def test_the_streamlit_folder_hides_neither_streamlit_nor_our_packages() -> None:
    folder = ROOT / "streamlit"

    assert not (folder / "__init__.py").exists()
    assert not (folder / "pages").exists()
    for name in ("model", "feedback", "api", "environment"):
        assert not (folder / f"{name}.py").exists()


def our_python_files() -> list[Path]:
    everything = (path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
    return [path for path in everything if not any(part[0] == "." for part in path.parts)]


def test_no_file_is_called_after_nothing_in_particular() -> None:
    files = our_python_files()

    assert len(files) > 50
    assert not [f for f in files if f.stem in ("utils", "helpers", "common", "misc")]


def test_python_files_have_one_subject() -> None:
    too_long = [f for f in our_python_files() if (ROOT / f).read_text().count("\n") > 300]

    assert too_long == []
