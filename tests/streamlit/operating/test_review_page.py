"""The Review page over a real store: what waits, what is decided, and by whom."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from feedback.candidates import LEAVE_OUT, NO_DIGIT_DECISION, list_reviews
from feedback.store import Filters, delete_drawings, list_drawings
from tests.feedback.sample_drawings import keep
from tests.streamlit.operating.answered_digits import answered_digits

SLIPS = (3, 27)


def page(engine):  # a script of its own: no names from this file
    from model import Recogniser
    from operating.review_page import review_page

    review_page(engine, Recogniser.load)


def opened(engine: Engine | None, name: str = "Ada") -> AppTest:
    app = AppTest.from_function(page, kwargs={"engine": engine}, default_timeout=60)
    app.session_state["operating_name"] = name
    return app.run()


def words(app: AppTest) -> str:
    return " ".join(
        element.value
        for kind in (app.markdown, app.caption, app.info, app.success)
        for element in kind
    )


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=f"review_{key}").click().run()


@pytest.fixture
def answered(sqlite_engine: Engine) -> Engine:
    """A store of 40 answers, two of which are slips."""
    keep(sqlite_engine, answered_digits(40, slips=SLIPS))
    return sqlite_engine


def test_without_answers_the_page_says_what_will_be_here(sqlite_engine):
    app = opened(sqlite_engine)

    assert not app.exception
    assert "There are no answers yet" in words(app)


def test_without_a_store_there_is_nothing_to_review():
    assert "Nothing is kept" in words(opened(None))


def test_answers_that_agree_with_what_is_read_are_not_set_aside(sqlite_engine):
    keep(sqlite_engine, answered_digits(20))

    assert "None of 20 answers is set aside" in words(opened(sqlite_engine))


def test_of_one_answer_is_spoken_as_of_one(sqlite_engine):
    keep(sqlite_engine, answered_digits(1))

    shown = words(opened(sqlite_engine))

    assert "The only answer is not set aside" in shown
    assert "of 1 answer." in shown


def test_a_slip_waits_with_what_was_said_and_what_is_read(answered):
    app = opened(answered)

    assert app.get("progress")[0].proto.text == "0 of 2 looked at"
    assert "Answered: **a " in words(app)
    assert "Read now as **a" in words(app)


@pytest.mark.parametrize(
    ("key", "decision"), [("digit_5", 5), ("none", NO_DIGIT_DECISION), ("out", LEAVE_OUT)]
)
def test_each_judgment_is_one_button_and_is_kept_with_the_name(answered, key, decision):
    press(opened(answered), key)

    (review,) = list_reviews(answered).values()
    assert (review.decision, review.by_name) == (decision, "Ada")


@pytest.mark.parametrize("key", ["answered", "read"])
def test_as_answered_and_as_read_are_what_stands_above_them(answered, key):
    app = opened(answered)
    said = app.button(key=f"review_{key}").label.split(": ")[1]

    press(app, key)

    (review,) = list_reviews(answered).values()
    assert str(review.decision) == said


def test_the_author_s_answer_stays_as_it_was(answered):
    before = {one.id: one.answer for one in list_drawings(answered, Filters(), limit=99)}

    press(opened(answered), "read")

    assert {one.id: one.answer for one in list_drawings(answered, Filters(), limit=99)} == before


def test_after_a_decision_comes_the_next(answered):
    app = press(opened(answered), "read")

    assert app.get("progress")[0].proto.text == "1 of 2 looked at"
    app = press(app, "read")
    assert "All of them have been looked at" in words(app)
    assert len(list_reviews(answered)) == 2


def test_a_decision_is_undone_and_comes_again(answered):
    app = press(opened(answered), "read")

    press(app, "undo")

    assert list_reviews(answered) == {}
    assert app.get("progress")[0].proto.text == "0 of 2 looked at"


def test_the_last_one_can_be_undone_too(answered):
    app = press(press(opened(answered), "read"), "read")

    press(app, "undo")

    assert len(list_reviews(answered)) == 1


def test_what_is_put_off_comes_after_the_others(answered):
    app = opened(answered)
    first = app.button(key="review_answered").label, app.button(key="review_read").label

    press(app, "later")
    second = app.button(key="review_answered").label, app.button(key="review_read").label
    press(app, "read")

    assert second != first
    assert (app.button(key="review_answered").label, app.button(key="review_read").label) == first


def test_without_a_name_nothing_can_be_decided(answered):
    app = opened(answered, name="")

    decisive = [one for one in app.button if one.key and one.key.startswith("review_")]
    assert {one.key for one in decisive if not one.disabled} == {"review_later"}
    assert "Type your name above first" in words(app)


def test_a_drawing_that_its_author_deleted_meanwhile_is_told(answered):
    app = opened(answered)
    for one in list_drawings(answered, Filters(), limit=99):
        delete_drawings(answered, [one.id], session_id=one.session_id)

    press(app, "read")

    assert "its author may have deleted it" in app.error[0].value


def test_an_earlier_decision_is_listed_and_can_be_put_back(answered):
    app = press(opened(answered), "none")
    (again,) = [box for box in app.selectbox if box.label == "Decide anew on"]

    again.select_index(0).run()
    press(app, "back")

    assert list_reviews(answered) == {}
