"""The chart of what was answered."""

from __future__ import annotations

from charts.answer_counts import answers_chart


def test_no_digit_is_not_called_no_answer():
    (bars,) = answers_chart([2] * 10, 3).data

    assert (bars.x[-1], bars.y[-1]) == ("no<br>digit", 3)
