"""What the server's process loads and opens before anybody asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from environment import ROOT
from model.errors import WeightsNotFound
from process.once import Once

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

    assert said.split() == ["pandas", "plotly", "sqlalchemy", "torch", "True", "None"]
    assert embedded_store.exists()


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
