"""The History page of one visit, whose author may change what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from store.writer import Writer
from tests.postgres import settings_of
from tests.streamlit.store.writers import spooling_writer


def page(engine, settings, writer, password, session):  # a script of its own: no names from here
    from uuid import UUID

    import streamlit as st

    from views.history import history_page

    for name, value in session.items():
        st.session_state.setdefault(name, value)
    history_page(
        engine, settings, session_id=UUID(int=1), operator_password=password, writer=writer
    )


@pytest.fixture
def writer(engine: Engine, tmp_path) -> Iterator[Writer]:
    made = spooling_writer(engine, tmp_path / "spool")
    yield made
    made.close()


@pytest.fixture
def history(engine: Engine, writer: Writer) -> Callable[..., AppTest]:
    """A function that opens the page; its keywords are put into the session first."""

    def opened(password: str | None = None, **session: Any) -> AppTest:
        values = {"engine": engine, "settings": settings_of(engine.url), "writer": writer}
        values |= {"password": password, "session": session}
        return AppTest.from_function(page, kwargs=values, default_timeout=30).run()

    return opened
