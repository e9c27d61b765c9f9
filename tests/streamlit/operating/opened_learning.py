"""The Learning page, opened over a store, and what is read on it."""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from process.training import Trainer
from tests.streamlit.operating.gate_reports import CARD, SHIPPED, a_gate_report


def page(engine, trainer, shipped, weights, reads, trouble):  # a script of its own
    from operating.learning_page import learning_page

    learning_page(engine, trainer, shipped=shipped, weights=weights, reads=reads, trouble=trouble)


def opened(engine: Engine | None, name: str = "Ada", **told: Any) -> AppTest:
    usual: dict[str, Any] = {
        "trainer": None if engine is None else Trainer(engine, [sys.executable, "-c", "pass"]),
        "shipped": CARD, "weights": None, "reads": SHIPPED, "trouble": None,
    }  # fmt: skip
    app = AppTest.from_function(page, kwargs={"engine": engine} | usual | told, default_timeout=60)
    app.session_state["operating_name"] = name
    return app.run()


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.success, app.warning, app.error, app.text)
    html = [element.proto.body for element in app.get("html")]
    return " ".join([element.value for kind in kinds for element in kind] + html)


def a_report(verdict: str = "better", parent: str = SHIPPED, **live: Any) -> dict[str, Any]:
    return a_gate_report(parent, verdict=verdict, **live)
