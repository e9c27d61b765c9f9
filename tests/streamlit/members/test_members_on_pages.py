"""What Model and Draw show of tuned members."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from members.opinions import rows_of
from tests.model.ensemble.made_members import a_report, write_two


def section(folder: Path) -> AppTest:
    def page(folder):
        from members.members_section import members_section

        members_section(folder, folder / "results")

    app = AppTest.from_function(page, kwargs={"folder": folder}, default_timeout=30)
    app.run()
    assert not app.exception
    return app


def test_without_members_there_is_no_section(tmp_path: Path) -> None:
    app = section(tmp_path)

    assert not app.header


def test_without_members_the_section_shows_the_projects_own_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "tuned_models.json").write_text(json.dumps(a_report()))

    app = section(tmp_path)

    assert app.table[0].value["Member"].tolist() == ["rf", "svm", "vote"]
    assert "`make tune` makes them" in app.caption[0].value


def test_members_that_lie_here_are_not_said_to_be_elsewhere(tmp_path: Path) -> None:
    write_two(tmp_path)

    assert not any("do not lie here" in it.value for it in section(tmp_path).caption)


def test_the_section_has_a_row_for_each_member_and_the_vote(tmp_path: Path) -> None:
    write_two(tmp_path)

    table = section(tmp_path).table[0].value

    assert table["Member"].tolist() == ["rf", "svm", "vote"]
    assert table["MNIST"].tolist() == [
        f"{it}\N{NO-BREAK SPACE}%" for it in ("85.00", "90.00", "91.00")
    ]


def test_the_section_says_who_is_right_where_others_fail(tmp_path: Path) -> None:
    write_two(tmp_path)

    table = section(tmp_path).table[1].value

    assert table["rf wrong"].tolist() == ["–", "5"]
    assert table["svm wrong"].tolist() == ["2", "–"]


@pytest.mark.parametrize(
    ("best", "words"), [("vote", "reads at least as well"), ("svm", "**svm** reads better than")]
)
def test_the_section_names_the_best(tmp_path: Path, best: str, words: str) -> None:
    write_two(tmp_path, best=best)

    assert any(words in it.value for it in section(tmp_path).markdown)


def test_members_that_are_damaged_are_not_shown(tmp_path: Path) -> None:
    write_two(tmp_path)
    (tmp_path / "ensemble.json").write_text("{")

    assert not section(tmp_path).header


def opinions(folder: Path, *, is_open: bool) -> AppTest:
    def page(folder, is_open):
        import os

        import numpy as np
        import streamlit as st

        from members.opinions import show_opinions
        from model.reading.recogniser import Prediction

        os.environ["MODELS_DIR"] = folder
        st.session_state["draw_opinions_canvas_open"] = is_open
        shares = {str(digit): 0.1 for digit in range(10)}
        ink = np.zeros((28, 28), np.uint8)
        show_opinions(Prediction("5", 0.9, True, True, shares, ink), "canvas")

    kwargs = {"folder": str(folder), "is_open": is_open}
    app = AppTest.from_function(page, kwargs=kwargs, default_timeout=30)
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELS_DIR", "")


@pytest.mark.usefixtures("_own_environment")
def test_each_member_says_what_it_reads_once_it_is_asked(tmp_path: Path) -> None:
    write_two(tmp_path, rf=3, svm=5)

    app = opinions(tmp_path, is_open=True)

    assert app.table[0].value["Reads"].tolist() == ["3", "5", "5"]
    assert "1 of 2 read 5" in app.caption[0].value


@pytest.mark.usefixtures("_own_environment")
def test_nothing_is_read_before_it_is_asked(tmp_path: Path) -> None:
    write_two(tmp_path)

    app = opinions(tmp_path, is_open=False)

    assert len(app.expander) == 1
    assert not app.table


@pytest.mark.usefixtures("_own_environment")
def test_without_members_nothing_is_offered(tmp_path: Path) -> None:
    assert not opinions(tmp_path, is_open=True).expander


def test_a_row_has_the_first_choice_and_the_second() -> None:
    row = np.full(10, 0.01)
    row[[7, 1]] = 0.7, 0.22

    shown = rows_of({"svm": row})[0]

    assert (shown["Reads"], shown["Sure"]) == ("7", "70.0\N{NO-BREAK SPACE}%")
    assert shown["Or else"] == "1, 22.0\N{NO-BREAK SPACE}%"
