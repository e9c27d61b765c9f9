"""What the Statistics page says of drawings that were refused, or that are no digit."""

from __future__ import annotations

from feedback.store import NOT_A_DIGIT, record_answer
from tests.feedback.sample_drawings import a_drawing
from tests.streamlit.views.test_statistics_page import (
    CHARTS,
    OUTCOMES,
    figures,
    headings,
    numbers,
    opened,
    outcomes,
)

RESEMBLES = "Is this still what it was trained for?"


def test_a_refused_digit_lowers_what_was_read_right_though_its_nearest_digit_is_right(engine):
    for is_digit in (True, False):
        record_answer(engine, a_drawing(predicted=7, is_digit=is_digit), 7)

    app = opened(engine)

    assert numbers(app)["Digits read right"] == "50.0 %"
    (digits,) = outcomes(app)
    assert "Refused by mistake</th><td>1</td><td>50.0\u00a0%" in digits
    by_day, by_digit, confusion, sure, reliability = (figure["data"] for figure in figures(app))
    assert by_day[0]["y"] == by_digit[0]["x"] == [0.5]
    assert [cell for row in confusion[2]["z"] for cell in row if cell] == [0.5]
    assert sum(sure[0]["y"]) == sum(reliability[2]["y"]) == 1


def test_what_is_no_digit_is_counted_beside_the_digits(engine):
    for is_digit, answer in ((False, NOT_A_DIGIT), (True, NOT_A_DIGIT), (True, 7)):
        record_answer(engine, a_drawing(predicted=7, is_digit=is_digit), answer)

    app = opened(engine)

    said = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    digits, no_digits = outcomes(app)
    assert said["Answers"] == ("3", "1 names a digit")
    assert said["Digits read right"][0] == "100.0\u00a0%"
    assert "of 1<" in digits
    assert "of 2<" in no_digits
    assert "Refused rightly</th><td>1</td><td>50.0\u00a0%" in no_digits
    assert "Taken for a digit</th><td>1</td><td>50.0\u00a0%" in no_digits
    assert headings(app) == [*OUTCOMES, *CHARTS, RESEMBLES]


def test_with_digits_alone_nothing_is_divided_by_nothing(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(), 7)

    app = opened(sqlite_engine)

    assert not app.exception
    assert len(outcomes(app)) == 1
    assert "No drawing was called “not a digit” yet." in [text.value for text in app.caption]


def test_answers_that_name_no_digit_leave_nothing_to_be_read_right(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(is_digit=False), NOT_A_DIGIT)

    app = opened(sqlite_engine)

    assert not app.exception
    assert (numbers(app)["Answers"], numbers(app)["Digits read right"]) == ("1", "–")
    assert "No answer names a digit yet" in app.info[0].value
    assert "the first answer on the Draw page that names one" in app.info[0].value
    assert len(outcomes(app)) == 1
    assert headings(app) == [*OUTCOMES, "By day", RESEMBLES]


def test_scribbles_that_were_taken_for_digits_are_calibrated_as_mistakes(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(is_digit=True), NOT_A_DIGIT)

    app = opened(sqlite_engine)

    assert headings(app) == [*OUTCOMES, CHARTS[0], *CHARTS[3:], RESEMBLES]
    right, wrong = figures(app)[1]["data"]
    assert (sum(right["y"]), sum(wrong["y"])) == (0, 1)


def test_where_every_digit_was_refused_there_is_no_confidence_to_chart(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(predicted=7, is_digit=False), 7)

    app = opened(sqlite_engine)

    assert numbers(app)["Digits read right"] == "0.0 %"
    assert headings(app) == [*OUTCOMES, *CHARTS[:3], RESEMBLES]
