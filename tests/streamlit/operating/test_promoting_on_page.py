"""Promoting, rejecting and rolling back on the Learning page: with a name, a reason, and a gate."""

from __future__ import annotations

from typing import Any

import pytest

from feedback.candidates import (
    StoreUnavailable,
    list_promotions,
    live_version,
    promote,
    show_weights,
)
from tests.feedback.sample_weights import keep
from tests.streamlit.operating.gate_reports import SHIPPED
from tests.streamlit.operating.opened_learning import a_report, opened, words


def test_a_promotion_asks_why_and_is_kept_with_name_and_reason(engine):
    version = keep(engine, parent=SHIPPED, report=a_report())
    app = opened(engine)

    app.text_input(key=f"learning_why_promote_{version}").set_value("reads sevens")
    app.button(key="learning_promote").click().run()

    (done,) = list_promotions(engine)
    assert (done.version, done.by_name, done.why) == (version, "Ada", "reads sevens")
    assert f"{version} is live" in app.success[0].value
    assert "reads sevens" in words(app)


def test_a_promotion_without_a_reason_changes_nothing_and_says_so(engine):
    keep(engine, parent=SHIPPED, report=a_report())
    app = opened(engine)

    app.button(key="learning_promote").click().run()

    assert live_version(engine) is None
    assert "Say why" in app.error[0].value


def test_what_is_no_worse_takes_the_operator_s_own_word(engine):
    version = keep(engine, parent=SHIPPED, report=a_report("no worse"))
    app = opened(engine)
    assert app.button(key="learning_promote").disabled

    app.checkbox(key=f"learning_anyway_{version}").check().run()
    app.text_input(key=f"learning_why_promote_{version}").set_value("more zeros")
    app.button(key="learning_promote").click().run()

    assert live_version(engine) == version


def test_what_is_worse_cannot_be_promoted(engine):
    keep(engine, parent=SHIPPED, report=a_report("worse"))

    app = opened(engine)

    assert "learning_promote" not in [button.key for button in app.button]
    assert "the gate does not let it pass" in words(app)


def test_a_report_against_what_is_no_longer_live_is_out_of_date(engine):
    old = keep(engine, parent=SHIPPED, report=a_report())
    promote(engine, old, by="Ada", why="better", expected_live=None)
    other = keep(engine, parent=SHIPPED, report=a_report())

    app = opened(engine, reads=old)
    app.selectbox[0].select(other).run()

    assert "The report is out of date" in words(app)
    assert "learning_promote" not in [button.key for button in app.button]


def test_a_promotion_by_somebody_else_meanwhile_is_told_and_not_overrun(engine):
    mine = keep(engine, parent=SHIPPED, report=a_report())
    theirs = keep(engine, parent=SHIPPED, report=a_report())
    app = opened(engine)
    app.selectbox[0].select(mine).run()
    promote(engine, theirs, by="Grace", why="better", expected_live=None)

    app.text_input(key=f"learning_why_promote_{mine}").set_value("reads sevens")
    app.button(key="learning_promote").click().run()

    assert live_version(engine) == theirs
    assert "became live meanwhile" in app.error[0].value


def test_what_is_live_is_rolled_back_with_a_reason(engine):
    version = keep(engine, parent=SHIPPED, report=a_report())
    promote(engine, version, by="Ada", why="better", expected_live=None)
    app = opened(engine, reads=version)

    app.text_input(key="learning_why_roll_back").set_value("worse on tablets")
    app.button(key="learning_roll_back").click().run()

    assert live_version(engine) is None
    assert list_promotions(engine)[0].why == "worse on tablets"
    assert "worse on tablets" in words(app)


def test_a_candidate_is_rejected_for_good(engine):
    version = keep(engine, parent=SHIPPED, report=a_report())
    app = opened(engine)

    app.text_input(key=f"learning_why_reject_{version}").set_value("learnt from a prank")
    app.button(key="learning_reject").click().run()

    assert show_weights(engine, version).rejected_why == "learnt from a prank"
    assert "This version was rejected" in words(app)


@pytest.mark.parametrize("act", ["promote", "roll_back"])
def test_a_database_that_goes_away_in_the_middle_is_told_and_nothing_has_changed(
    engine, monkeypatch, act
):
    def away(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("PostgreSQL db:5432 ended the connection")

    version = keep(engine, parent=SHIPPED, report=a_report())
    if act == "roll_back":
        promote(engine, version, by="Ada", why="better", expected_live=None)
    before = live_version(engine)
    app = opened(engine)
    monkeypatch.setattr(f"operating.candidate_section.{act}", away)

    app.button(key=f"learning_{act}").click().run()

    assert "ended the connection" in app.error[0].value
    assert "What was live is live still" in app.error[0].value
    assert live_version(engine) == before
