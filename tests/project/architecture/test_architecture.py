"""The folder is the architecture: arrows point one way, and importing does nothing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from environment import ROOT
from tests.project.architecture.rooms import ROOMS
from tests.project.python_files import our_python_files

ENTRANCES = {"feedback/__init__.py", "serving/__init__.py", "api/__init__.py"}
OWN_PACKAGES = ("model", "feedback", "serving", "streamlit", "api")


def room_of(file: Path) -> str:
    """Return the table's name of the room that a file stands in; file: relative to the root."""
    return "/".join(file.parts[:2])


def source_of(file: Path) -> str:
    """Return the text of a file of the project."""
    return (ROOT / file).read_text()


def imported(source: str) -> Iterator[str]:
    """Yield the dotted name of each module that is imported; `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place_of(name: str, importer: Path) -> str | None:
    """Return the room that an imported name belongs to; None where it is not of the project."""
    # Inside streamlit/, that folder comes first on the path.
    bases = ["streamlit", "."] if importer.parts[0] == "streamlit" else ["."]
    parts = name.split(".")
    for base in bases:
        if base == "streamlit" and parts[0] == "streamlit":
            continue  # the installed package
        for length in range(len(parts), 0, -1):
            module = Path(base, *parts[:length])
            for file in (module.with_suffix(".py"), module / "__init__.py"):
                if (ROOT / file).is_file():
                    return room_of(file)
    return None


def complaints(file: Path, source: str) -> list[str]:
    """Return what a file of that source imports although its room may not."""
    room = ROOMS[room_of(file)]
    wrong = []
    for name in imported(source):
        place, package = place_of(name, file), name.split(".")[0]
        if place is not None:
            is_allowed = place == room_of(file) or place in room.rooms.split()
        else:
            is_allowed = package in sys.stdlib_module_names or package in room.packages.split()
        if not is_allowed:
            wrong.append(f"{file} imports {name}; {room_of(file)} takes: {room.takes}")
    return wrong


@pytest.mark.parametrize("package", OWN_PACKAGES)
def test_a_room_imports_what_the_table_allows_and_nothing_else(package: str) -> None:
    files = [file for file in our_python_files() if file.parts[0] == package]
    homeless = {room_of(file) for file in files} - ROOMS.keys() - ENTRANCES

    assert len(files) > 5
    assert not homeless, "a new room needs a line in ROOMS"
    wrong = [line for f in files if room_of(f) in ROOMS for line in complaints(f, source_of(f))]
    assert wrong == []


def test_the_table_speaks_only_of_what_is_there_and_of_lower_rooms() -> None:
    for place, (name, room) in enumerate(ROOMS.items()):
        assert (ROOT / name).exists(), name
        assert set(room.rooms.split()) <= set(list(ROOMS)[:place]), name


def test_knowledge_imports_neither_edges_nor_the_other_kind() -> None:
    for name, room in ROOMS.items():
        kind = name.split("/")[0]
        edges = ("serving", "streamlit", "api")
        foreign = {"model": ("feedback", *edges), "feedback": ("model", *edges)}
        foreign["serving"] = ("streamlit", "api")
        foreign["streamlit"], foreign["api"] = ("api",), ("streamlit",)
        assert not room.rooms.startswith(foreign.get(kind, ())), name
        assert not any(r.startswith(foreign.get(kind, ())) for r in room.rooms.split()), name


@pytest.mark.parametrize(
    ("line", "is_allowed"),
    [
        ("import json", True),
        ("from model.errors import BadDrawing", True),
        ("from model.ink import sheet", True),
        ("from model.reading.recogniser import Recogniser", False),
        ("import sqlalchemy", False),
        ("from model import Recogniser", False),
    ],
)
def test_a_file_that_breaks_the_rule_is_named(line: str, is_allowed: bool) -> None:
    wrong = complaints(Path("model/ink/a_new_file.py"), line)

    assert (wrong == []) is is_allowed
    assert is_allowed or "model/ink/a_new_file.py imports" in wrong[0]
