"""What the README says is so: its commands exist, its figures are the recorded ones."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from environment import ROOT
from tests.project.architecture.rooms import ROOMS

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(?:sh|bat)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = "\n".join(BLOCKS)


def test_every_make_target_in_the_readme_exists() -> None:
    named = set(re.findall(r"`?make (?:[A-Z_]+=\S* )*([a-z]+)\b", COMMANDS))
    named |= set(re.findall(r"`make (?:[A-Z_]+=\S* )*([a-z]+)`", README))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert {"run", "test", "train", "evaluate", "bench"} <= named
    assert named <= targets


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("run_model.py", ["run_model.py"]),
        ("run_streamlit.py", ["run_streamlit.py"]),
        ("python -m api", ["-m", "api"]),
        ("model.predict", ["-m", "model.predict"]),
        ("model.convert_pen", ["-m", "model.convert_pen"]),
        ("feedback.backup", ["-m", "feedback.backup"]),
        ("feedback.forget", ["-m", "feedback.forget"]),
        ("feedback.weights promote", ["-m", "feedback.weights", "promote"]),
        ("feedback.weights rollback", ["-m", "feedback.weights", "rollback"]),
        ("feedback.weights reject", ["-m", "feedback.weights", "reject"]),
        ("tools/setup_environment.py", ["tools/setup_environment.py"]),
    ],
)
def test_every_option_in_the_readme_is_one_that_the_program_takes(
    program: str, arguments: list[str]
) -> None:
    lines = [line for line in COMMANDS.splitlines() if program in line]
    options = {option for line in lines for option in re.findall(r"\s(--[a-z-]+)", line)}
    usage = subprocess.check_output(
        [sys.executable, *arguments, "--help"], cwd=ROOT, text=True, timeout=120
    )

    assert lines, f"the README does not show {program}"
    assert {option for option in options if option not in usage} == set()


def test_the_settings_in_the_readme_are_those_of_the_example_file() -> None:
    table = README[README.index("## Configuration") : README.index("Half a database")]
    named = {
        key
        for row in table.splitlines()
        if row.startswith("| `")
        for key in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])
    }
    example = (ROOT / ".env.example").read_text()

    assert named == set(re.findall(r"^(?:# ?)?([A-Z_]+)=", example, flags=re.MULTILINE))


def test_every_file_and_heading_that_the_readme_points_to_is_there() -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", README)
    headings = {
        "#" + re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in README.splitlines()
        if line.startswith("#")
    }

    missing = [
        target
        for target in targets
        if not target.startswith("http")
        and not (target in headings if target.startswith("#") else (ROOT / target).exists())
    ]

    assert targets
    assert missing == []


def the_map() -> str:
    """The README's part on rooms and on what to change where."""
    return README[README.index("### The map of the house") : README.index("## Limits")]


def test_the_map_has_a_row_for_every_room() -> None:
    rows = set(re.findall(r"^\| `([a-z/_]+)` \|", the_map(), flags=re.MULTILINE))
    rooms = {name for name in ROOMS if (ROOT / name).is_dir()}

    assert len(rooms) > 15
    assert rows == rooms | {"benchmarks", "tests", "tools"}


def test_every_place_on_the_map_is_there() -> None:
    named = re.findall(r"`([^`\s]*(?:/[^`\s]*|\.(?:md|txt)))`", the_map())

    assert len(named) > 60
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("word", "file"),
    [
        ("RECIPES", "model/training/options.py"),
        ("FORMATS", "model/ink/images.py"),
        ("SOURCES", "model/synthesis/training_images.py"),
        ("_charts", "streamlit/views/statistics.py"),
        ("CHARTS", "tests/streamlit/views/test_statistics_page.py"),
        ("Drawing", "feedback/records/rows.py"),
        ("_flat", "feedback/queries/listing.py"),
        ("to_row", "streamlit/result/current_drawing.py"),
        ("write_as_0001", "tests/feedback/records/test_no_digit_schema.py"),
        ("PAGES", "tests/browser/pages/test_appearance.py"),
    ],
)
def test_what_the_map_says_to_change_is_defined_where_it_says(word: str, file: str) -> None:
    defined = rf"^\s*(?:def {word}\(|class {word}[(:]|{word}\b[^=]* ?= )"

    assert re.search(rf"`{word}`[^|;`]* `{file}`", the_map())
    assert re.search(defined, (ROOT / file).read_text(), flags=re.MULTILINE)


def promises() -> list[list[str]]:
    """The rows of the table of promises: fault, promise, tests."""
    part = README[README.index("## What is promised") :].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return rows[2:]  # after the heads and the line below them


def test_every_promise_names_tests_that_exist() -> None:
    rows = promises()
    named = [test for row in rows for test in re.findall(r"`(tests/\S+\.py)::(\w+)`", row[-1])]
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or f"def {name}(" not in (ROOT / file).read_text()
    ]

    assert len(rows) > 5
    assert [row for row in rows if len(row) != 3 or "::" not in row[2]] == []
    assert missing == []
