"""What the server's process loads and opens before anybody asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from environment import ROOT
from model.errors import WeightsNotFound
from serving.live.once import Once
from serving.version import VERSION

FOLDER = ROOT / "streamlit"
AHEAD = f"""
import sys; sys.path[:0] = [{str(FOLDER)!r}, {str(ROOT)!r}]
from process import start
start.begin().join()
loaded = sorted({{'torch', 'plotly', 'pandas', 'sqlalchemy'}} & set(sys.modules))
from process.kept import choose_store
from process.network import is_loaded
from environment import read_environment
writer = choose_store(read_environment()).writer
print(*loaded, is_loaded(None), writer.check_now(10))
start.end()
"""


def test_what_the_first_page_needs_is_made_before_anybody_asks_for_it(embedded_store: Path):
    said = subprocess.check_output([sys.executable, "-c", AHEAD], text=True, env=os.environ)

    assert said.split()[-3:] == ["sqlalchemy", "True", "None"]
    assert embedded_store.exists()


def test_charts_and_tables_take_no_memory_before_somebody_opens_their_page(embedded_store: Path):
    said = subprocess.check_output([sys.executable, "-c", AHEAD], text=True, env=os.environ)

    assert not {"torch", "plotly", "pandas"} & set(said.split())


def test_starting_the_server_itself_loads_nothing_heavy():
    code = (
        f"import sys; sys.path[:0] = [{str(FOLDER)!r}, {str(ROOT)!r}]; import server.lifespan, "
        "server.routes; print(*{'torch', 'pandas', 'sqlalchemy'} & set(sys.modules))"
    )

    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == []


def test_a_thing_is_made_once_for_each_key():
    made: list[str] = []
    once = Once(lambda key: made.append(key) or object())

    assert once.get("a") is once.get("a")
    assert once.get("b") is not once.get("a")
    assert made == ["a", "b"]


def test_what_could_not_be_made_is_tried_again_by_the_next_one_who_asks():
    tries = iter([WeightsNotFound("not there yet"), "loaded"])

    def make(_key: str) -> str:
        result = next(tries)
        if isinstance(result, Exception):
            raise result
        return result

    once = Once(make)
    with pytest.raises(WeightsNotFound):
        once.get("weights")

    assert once.get("weights") == "loaded"


def test_the_version_in_the_log_is_the_project_s():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["version"] == VERSION


HEAD = f"""
import logging, sys
sys.path[:0] = [{str(FOLDER)!r}, {str(ROOT)!r}]
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stdout)
from process import start
"""
THREE_DRAWINGS = """
start.begin().join()
from environment import read_environment
from process.kept import choose_store
from tests.feedback.sample_drawings import a_drawing
writer = choose_store(read_environment()).writer
for _ in range(3):
    writer.keep(a_drawing()).wait(10)
"""


def said_by(code: str, **environ: str) -> str:
    """Return what a process of that code logs."""
    command = [sys.executable, "-c", HEAD + code + "start.end()\n"]
    return subprocess.check_output(command, text=True, env=os.environ | environ)


def test_an_end_before_the_start_is_done_says_so():
    assert said_by("") == "INFO Inkling ends; it had not come up yet\n"


def test_the_end_says_what_was_not_written():
    away = {"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "i", "DB_USER": "u"}

    said = said_by(THREE_DRAWINGS, **away, DB_PASSWORD="not-to-be-seen")

    assert "WARNING Inkling ends; written since its start: 0; in the spool: 3; lost: 0" in said
    assert "store: PostgreSQL 127.0.0.1:1, database i, which is away" in said
    assert "not-to-be-seen" not in said


def test_the_end_says_what_was_written(embedded_store: Path):
    said = said_by(THREE_DRAWINGS)

    assert "INFO Inkling ends; written since its start: 3; nothing waits" in said
