"""What the Statistics page says of drawings that are no digit."""

from __future__ import annotations

from feedback.store import NOT_A_DIGIT, record_answer
from tests.feedback.sample_drawings import a_drawing
from tests.streamlit.views.test_statistics_page import CHARTS, headings, numbers, opened


def test_what_is_no_digit_is_counted_beside_accuracy(engine):
    for is_digit, answer in ((False, NOT_A_DIGIT), (True, NOT_A_DIGIT), (False, 7), (True, 7)):
        record_answer(engine, a_drawing(predicted=7, is_digit=is_digit), answer)

    app = opened(engine)

    said = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert said["Answers"] == ("4", "2 read right")
    assert said["Accuracy"][0] == "100.0\u00a0%"
    assert said["Not a digit"] == ("2", "as people say")
    assert said["Refused rightly"] == ("1", "50.0\u00a0% of these")
    assert said["Refused by mistake"] == ("1", "50.0\u00a0% of the digits")
    assert headings(app) == CHARTS


def test_with_digits_alone_nothing_is_divided_by_nothing(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(), 7)

    app = opened(sqlite_engine)

    said = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert not app.exception
    assert said["Refused rightly"] == ("0", "of none yet")
    assert said["Refused by mistake"] == ("0", "0.0\u00a0% of the digits")


def test_answers_that_name_no_digit_have_no_accuracy(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(is_digit=False), NOT_A_DIGIT)

    app = opened(sqlite_engine)

    assert not app.exception
    assert (numbers(app)["Answers"], numbers(app)["Accuracy"]) == ("1", "–")
    assert "No answer names a digit yet" in app.info[0].value
    assert "the first answer on the Draw page that names one" in app.info[0].value
    assert headings(app) == ["By day"]
