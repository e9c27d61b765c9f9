"""The figures say what the numbers say."""

from __future__ import annotations

from datetime import date

import pytest

from charts.accuracy import accuracy_by_day_chart, accuracy_by_digit_chart
from charts.base import NEUTRAL, RIGHT, UNKNOWN_TEXT, WRONG, compact_count
from charts.confidence import confidence_chart, reliability_chart
from charts.confusion import confusion_chart
from charts.outcomes import OF_DIGITS, OF_NO_DIGITS, outcome_bar
from feedback.statistics import REFUSED, Day, Digit, ReliabilityBin, Verdict, wilson_interval

TEN = [str(digit) for digit in range(10)]
BACKGROUNDS = ("#faf9f6", "#14151d")  # light and dark, as in .streamlit/config.toml
TEXTS = ("#23233a", "#e9e7f0")  # of the same two
EMPTY_BINS = [ReliabilityBin(low / 10, (low + 1) / 10, 0, None, 0) for low in range(10)]


def luminance(color: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("color", [RIGHT, WRONG, NEUTRAL])
def test_right_wrong_and_neither_stand_out_from_both_backgrounds(color, background):
    assert contrast(color, background) >= 3


@pytest.mark.parametrize(("background", "text"), list(zip(BACKGROUNDS, TEXTS, strict=True)))
def test_answered_and_unanswered_stand_out_from_each_other_and_from_the_background(
    background, text
):
    day = Day(date(2026, 3, 1), 10, 4, 4, 3)

    _, drawn, answered = accuracy_by_day_chart([day], text).data

    assert (drawn.opacity, answered.opacity) == (None, None)
    colors = [drawn.marker.color, answered.marker.color]
    assert contrast(*colors) >= 3
    assert min(contrast(color, background) for color in colors) >= 3


@pytest.mark.parametrize(("background", "text"), list(zip(BACKGROUNDS, TEXTS, strict=True)))
def test_whiskers_stand_out_from_their_bar_and_from_the_background(background, text):
    bar = accuracy_by_digit_chart([Digit(4, 10, 7, 1)], text).data[0]

    assert contrast(bar.error_x.color, bar.marker.color) >= 3
    assert contrast(bar.error_x.color, background) >= 3


def test_where_the_theme_is_unknown_bars_have_a_colour_all_the_same():
    _, drawn, answered = accuracy_by_day_chart([Day(date(2026, 3, 1), 10, 4, 4, 3)]).data

    assert (drawn.marker.color, answered.marker.color) == (NEUTRAL, UNKNOWN_TEXT)


def test_a_day_without_an_answered_digit_breaks_the_line_and_has_no_accuracy():
    days = [
        Day(date(2026, 3, 1), 10, 6, 4, 3),
        Day(date(2026, 3, 2), 5, 1, 0, 0),
        Day(date(2026, 3, 3), 8, 8, 8, 8),
    ]

    accuracy, drawn, answered = accuracy_by_day_chart(days).data

    assert accuracy.y == (0.75, None, 1.0)
    assert drawn.y == (10, 5, 8)
    assert answered.y == (6, 1, 8)


def test_days_carry_their_wilson_interval():
    accuracy = accuracy_by_day_chart([Day(date(2026, 3, 1), 10, 4, 4, 3)]).data[0]

    low, high = wilson_interval(3, 4)
    assert accuracy.error_y.array[0] == pytest.approx(high - 0.75)
    assert accuracy.error_y.arrayminus[0] == pytest.approx(0.75 - low)


def test_one_day_has_air_around_it_and_whole_numbers_beside_it():
    figure = accuracy_by_day_chart([Day(date(2026, 3, 1), 1, 1, 1, 1)])

    assert figure.layout.xaxis.range == ("2026-02-26T12:00:00", "2026-03-03T12:00:00")
    assert figure.layout.yaxis2.dtick == 1


def test_days_without_any_answer_say_so():
    figure = accuracy_by_day_chart([Day(date(2026, 3, 1), 3, 0, 0, 0)])

    assert "no answers yet" in [note.text for note in figure.layout.annotations]


def test_words_in_an_empty_panel_have_axes_to_stand_on():
    figure = accuracy_by_day_chart([Day(date(2026, 3, 1), 3, 0, 0, 0)])

    assert [trace.yaxis for trace in figure.data] == ["y", "y2", "y2"]


def test_days_of_which_no_answer_names_a_digit_say_that():
    figure = accuracy_by_day_chart([Day(date(2026, 3, 1), 3, 2, 0, 0)])

    assert "no answer names a digit yet" in [note.text for note in figure.layout.annotations]


def test_every_share_is_in_words_beside_the_bars_nothing_included():
    counts = [Digit(digit, int(digit in (3, 8)), int(digit == 3), 0) for digit in range(10)]

    bars, shares = accuracy_by_digit_chart(counts).data

    assert bars.y == shares.y == ("3", "8")
    assert shares.text == ("100.0\u00a0%", "0.0\u00a0%")
    assert min(shares.x) > max(bars.x)


def test_digits_without_answers_keep_their_place():
    counts = [Digit(digit, *((4, 3, 1) if digit == 3 else (0, 0, 0))) for digit in range(10)]

    figure = accuracy_by_digit_chart(counts)

    assert (figure.data[0].y, figure.data[0].x) == (("3",), (0.75,))
    assert len(figure.layout.yaxis.ticktext) == 10


def test_a_bar_tells_what_was_misread_from_what_was_refused():
    counts = [Digit(digit, *((10, 6, 1) if digit == 8 else (0, 0, 0))) for digit in range(10)]

    (words,) = accuracy_by_digit_chart(counts).data[0].customdata

    assert list(words) == ["an 8", 6, "10 drawings", "31.3 to 83.2\u00a0%", 3, 1]


def test_confusion_tells_right_from_wrong_by_place_and_colour():
    confusion = [[0] * 11 for _ in range(10)]
    confusion[7][7], confusion[7][1], confusion[4][9] = 8, 2, 1

    empty, right, wrong, numbers = confusion_chart(confusion, "#23233a").data

    assert filled(right, wrong) == [(7, 7, 0.8), (4, 9, 1.0), (7, 1, 0.2)]
    assert sum(cell is not None for row in empty.z for cell in row) == 107
    assert [text for text in numbers.text if text] == ["1", "2", "8"]
    assert numbers.textfont.color == "#23233a"


def test_confusion_counts_what_was_refused_in_a_column_of_its_own():
    confusion = [[0] * 11 for _ in range(10)]
    confusion[7][7], confusion[7][REFUSED] = 3, 1

    figure = confusion_chart(confusion)

    _, right, wrong, numbers = figure.data
    assert filled(right) == [(7, 7, 0.75)]
    assert filled(wrong) == [(7, REFUSED, 0.25)]
    assert wrong.customdata[7][REFUSED] == [1, "a 7", "refused"]
    assert figure.layout.xaxis.ticktext[REFUSED] == "refused"
    assert len(numbers.x) == 110


def filled(*traces) -> list[tuple[int, int, float]]:
    """Return the cells that have a colour: row, column and share."""
    return [
        (said, shown, share)
        for trace in traces
        for said, row in enumerate(trace.z)
        for shown, share in enumerate(row)
        if share is not None
    ]


def test_a_bar_of_outcomes_has_its_whole_and_every_part_in_words():
    verdicts = dict(zip(Verdict, (6, 3, 1, 5, 0), strict=True))

    html = outcome_bar(verdicts, OF_DIGITS)

    assert "of 10" in html
    assert [part in html for part in ("flex:6 0 0", "flex:3 0 0", "flex:1 0 0", "flex:5 0 0")] == [
        *(True, True, True, False)
    ]
    for kind, row in (("Read right", "6</td><td>60.0"), ("Refused by mistake", "1</td><td>10.0")):
        assert f"{kind}</th><td>{row}\u00a0% <small>" in html
    assert "31.3 to 83.2\u00a0%" in html


def test_what_never_happened_is_in_the_table_and_not_in_the_bar():
    html = outcome_bar(dict.fromkeys(Verdict, 0) | {Verdict.REFUSED_RIGHTLY: 5}, OF_NO_DIGITS)

    assert html.count("flex:5 0 0") == html.count(" 0 0") == 1
    assert "Taken for a digit</th><td>0</td><td>0.0\u00a0% <small>0.0 to 43.4\u00a0%" in html


def test_hue_says_right_or_wrong_and_hatching_says_refused():
    html = outcome_bar(dict.fromkeys(Verdict, 1), [*OF_DIGITS, *OF_NO_DIGITS])

    looks = [part.split('"')[0] for part in html.split('<span class="')[1:]]
    assert looks == [
        "ink-right",
        "ink-wrong",
        "ink-wrong ink-hatched",
        "ink-right ink-hatched",
        "ink-wrong",
    ]


def test_confidence_of_no_mistakes_is_an_empty_panel_with_a_scale():
    figure = confidence_chart([0] * 19 + [5], [0] * 20)

    assert figure.data[0].marker.color == RIGHT
    assert figure.data[1].marker.color == WRONG
    assert figure.layout.yaxis2.range[1] > 0
    assert [note.text for note in figure.layout.annotations] == [
        "Read right: 5",
        "Misread, or no digit: 0",
    ]


def test_reliability_has_a_point_where_there_are_answers_and_a_count_everywhere():
    bins = [*EMPTY_BINS[:9], ReliabilityBin(0.9, 1.0, 4, 0.95, 3)]

    honest, points, counts = reliability_chart(bins).data

    assert (honest.x, honest.y) == ((0, 1), (0, 1))
    assert (points.x, points.y) == ((0.95,), (0.75,))
    assert counts.y == (0,) * 9 + (4,)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (7, "7"),
        (998, "998"),
        (1234, "1.2k"),
        (9960, "10k"),
        (98765, "99k"),
        (999_700, "1.0M"),
        (3_100_000, "3.1M"),
    ],
)
def test_counts_fit_a_narrow_cell(count, words):
    assert compact_count(count) == words
