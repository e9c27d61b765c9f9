"""Files are short, few to a folder, called after what they hold; importing one loads little."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

from environment import ROOT
from tests.project.python_files import our_python_files

PRODUCT = ("model", "feedback", "serving", "streamlit", "api")
LONGEST, MOST_FILES = 300, 12


def test_no_file_is_called_after_nothing_in_particular() -> None:
    files = our_python_files()

    assert len(files) > 50
    assert not [f for f in files if f.stem in ("utils", "helpers", "common", "misc")]


def test_no_two_files_of_the_product_share_a_name() -> None:
    stems = [
        file.stem
        for file in our_python_files()
        if file.parts[0] in PRODUCT and file.stem != "__init__" and len(file.parts) > 2
    ]
    alike = {stem for stem in stems if stems.count(stem) > 1}

    # What is a step of its own in two of these, and called so by everyone.
    assert alike <= {"style", "drawings", "confidence", "statistics", "accuracy"}


def test_python_files_have_one_subject() -> None:
    long = [f for f in our_python_files() if (ROOT / f).read_text().count("\n") > LONGEST]

    assert long == []


def test_no_folder_holds_more_than_a_person_keeps_in_mind() -> None:
    folders: dict[Path, int] = {}
    for file in our_python_files():
        folders[file.parent] = folders.get(file.parent, 0) + (file.name != "__init__.py")

    assert {str(folder) for folder, count in folders.items() if count > MOST_FILES} == set()


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("model.training.loop", "sqlalchemy streamlit torchvision"),
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
        str(file)
        for file in our_python_files()
        if file.parts[0] in PRODUCT or len(file.parts) == 1
        if any(w in (ROOT / file).read_text() for w in ("os.environ", "getenv", "dotenv_values"))
    }

    assert readers == {"environment.py"}


def test_the_streamlit_folder_hides_no_package() -> None:
    folder = ROOT / "streamlit"
    names = {path.stem for path in folder.iterdir() if path.suffix in ("", ".py")}
    names.discard(".streamlit")
    installed = [path for path in sys.path if path and not Path(path).is_relative_to(folder)]
    hidden = {
        name
        for name in names
        if name in sys.stdlib_module_names
        or ((spec := PathFinder.find_spec(name, installed)) and spec.loader is not None)
    }

    assert not (folder / "__init__.py").exists()
    assert {"views", "drawing", "charts", "store", "access", "words", "app"} <= names
    assert "pages" not in names
    assert hidden == set()


def test_every_room_says_what_comes_in_and_what_goes_out() -> None:
    rooms = {file.parent for file in our_python_files() if file.parts[0] in PRODUCT}
    rooms = {room for room in rooms if len(room.parts) == 2 and room != Path("feedback/migrations")}
    without = {
        str(room)
        for room in rooms
        if not (ROOT / room / "__init__.py").is_file()
        or len(ast.parse((ROOT / room / "__init__.py").read_text()).body) != 1
    }

    assert len(rooms) > 15
    assert without == set()
