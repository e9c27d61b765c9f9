"""The Statistics page over a real store."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import URL, Engine, create_engine
from streamlit import config
from streamlit.testing.v1 import AppTest

from feedback.connection.engine import open_engine
from feedback.connection.settings import StoreSettings
from feedback.migrate import migrate
from feedback.statistics import read_statistics
from feedback.store import Filters, record_answer
from store.messages import UNREADABLE
from tests.feedback.sample_drawings import a_drawing, keep, random_drawings
from tests.postgres import settings_of

OUTCOMES = ["Called a digit by its author", "Called no digit by its author"]
CHARTS = [
    "By day",
    "By digit",
    "What was taken for what",
    "How sure it was",
    "Is 90 % sure right 9 times in 10?",
]
VERSIONS, DRIFT = "Versions compared", "Is this still what it was trained for?"


def page(engine, settings, operator=False):  # a script of its own: no names from this file
    from views.statistics import statistics_page

    statistics_page(engine, settings, operator=operator)


def opened(
    engine: Engine | None, settings: StoreSettings | None = None, *, operator: bool = False
) -> AppTest:
    if settings is None:
        assert engine is not None
        settings = settings_of(engine.url)
    app = AppTest.from_function(
        page,
        kwargs={"engine": engine, "settings": settings, "operator": operator},
        default_timeout=30,
    )
    return app.run()


def numbers(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace("\u00a0", " ") for metric in app.metric}


def headings(app: AppTest) -> list[str]:
    return [header.value for header in app.header]


def figures(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def outcomes(app: AppTest) -> list[str]:
    """Return the bars of what became of the answered drawings, as HTML."""
    return [
        element.proto.body for element in app.get("html") if "ink-outcomes" in element.proto.body
    ]


def test_the_page_shows_what_the_store_counts(engine):
    keep(engine, random_drawings(seed=3, number=600))
    counted = read_statistics(engine, Filters())

    app = opened(engine)

    assert not app.exception
    assert numbers(app) == {
        "Drawings": "600",
        "Answers": f"{counted.answers}",
        "Share answered": f"{counted.answers / 600:.1%}".replace("%", " %"),
        "Digits read right": f"{counted.read_right / counted.named:.1%}".replace("%", " %"),
    }
    digits, no_digits = outcomes(app)
    for bar, kind, count in (
        (digits, "Read right", counted.read_right),
        (digits, "Misread", counted.misread),
        (digits, "Refused by mistake", counted.refused_by_mistake),
        (no_digits, "Refused rightly", counted.refused_rightly),
        (no_digits, "Taken for a digit", counted.taken_for_a_digit),
    ):
        assert f"{kind}</th><td>{count}</td>" in bar
    assert f"of {counted.named}<" in digits
    assert f"of {counted.not_digits}<" in no_digits
    assert headings(app) == [*OUTCOMES, *CHARTS, VERSIONS, DRIFT]
    assert len(app.get("plotly_chart")) == len(CHARTS)


def test_what_was_read_right_stands_with_its_interval_and_the_share_answered(sqlite_engine):
    for label in (7, 7, 7, 1):
        record_answer(sqlite_engine, a_drawing(predicted=7), label)
    keep(sqlite_engine, [(a_drawing(), None) for _ in range(4)])

    app = opened(sqlite_engine)

    by_label = {metric.label: metric for metric in app.metric}
    assert by_label["Digits read right"].value == "75.0\u00a0%"
    assert by_label["Digits read right"].delta == "30.1 to 95.4\u00a0%"
    assert by_label["Share answered"].value == "50.0\u00a0%"
    words = " ".join(text.value for text in app.markdown)
    assert "**50.0\u00a0%** of the drawings were answered" in words


def test_every_chart_is_explained(sqlite_engine):
    keep(sqlite_engine, random_drawings(seed=4, number=50))

    app = opened(sqlite_engine)

    explanations = [caption.value for caption in app.caption if "Counted at" not in caption.value]
    counted = read_statistics(sqlite_engine, Filters())
    assert len(explanations) == len([*CHARTS, VERSIONS, DRIFT])
    assert all(len(words) > 70 for words in explanations)
    assert f"The {counted.named} drawings called a digit" in explanations[2]
    assert f"the {counted.accepted} drawings taken for a digit and answered" in explanations[3]
    assert f"Of the same {counted.accepted} drawings" in explanations[4]


def test_an_empty_store_says_what_to_do(engine):
    app = opened(engine)

    assert not app.exception
    assert "Nothing has been drawn yet" in app.info[0].value
    assert not app.metric
    assert not app.get("plotly_chart")


def test_drawings_without_answers_have_no_accuracy_but_a_chart_of_days(engine):
    keep(engine, [(a_drawing(), None), (a_drawing(), None)])

    app = opened(engine)

    assert not app.exception
    assert numbers(app)["Digits read right"] == "–"
    assert "No answers yet" in app.info[0].value
    assert not outcomes(app)
    assert headings(app) == ["By day", DRIFT]


def test_one_answer_is_drawn_without_a_complaint(engine):
    record_answer(engine, a_drawing(predicted=4, confidence=1.0), 4)

    app = opened(engine)

    assert not app.exception
    assert numbers(app)["Digits read right"] == "100.0 %"
    assert len(outcomes(app)) == 1
    assert headings(app) == [*OUTCOMES, *CHARTS, DRIFT]


def test_new_answers_are_counted_when_asked_for(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(), 7)
    app = opened(sqlite_engine)
    record_answer(sqlite_engine, a_drawing(), 7)

    again = next(button for button in app.button if button.label == "Count again")
    again.click().run()

    assert numbers(app)["Answers"] == "2"


def test_two_stores_in_one_process_do_not_mix(sqlite_engine, tmp_path):
    other = create_engine(URL.create("sqlite+pysqlite", database=str(tmp_path / "other.sqlite3")))
    migrate(other)
    keep(sqlite_engine, [(a_drawing(), 7)])
    assert numbers(opened(sqlite_engine))["Drawings"] == "1"

    app = opened(other)

    other.dispose()
    assert "Nothing has been drawn yet" in app.info[0].value


def test_a_store_that_is_away_is_named_to_the_operator_with_a_way_to_try_again():
    away = URL.create("postgresql+psycopg2", "visitor", "a-secret-word", "127.0.0.1", 1, "inkling")
    engine = open_engine(settings_of(away))

    app, visitors = opened(engine, operator=True), opened(engine)

    engine.dispose()
    assert not app.exception
    assert app.selectbox(key="filter_source").label == "Source"  # the filters stay in sight
    assert "127.0.0.1" in app.error[0].value
    assert "a-secret-word" not in app.error[0].value
    assert [button.label for button in app.button] == ["Try again"]
    assert [error.value for error in visitors.error] == [UNREADABLE]
    assert [button.label for button in visitors.button] == ["Try again"]


def test_a_chosen_version_outlives_a_store_that_went_away(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(weights_version="two-block-00000001"), 7)])
    box = SimpleNamespace(engine=sqlite_engine)

    def page_of_box(box, settings):
        from store.cached_counts import count_again
        from views.statistics import statistics_page

        count_again()
        statistics_page(box.engine, settings)

    settings = settings_of(sqlite_engine.url)
    app = AppTest.from_function(page_of_box, kwargs={"box": box, "settings": settings}).run()
    app.selectbox(key="filter_weights").select("two-block-00000001").run()
    away = open_engine(
        settings_of(URL.create("postgresql+psycopg2", "u", "p", "127.0.0.1", 1, "inkling"))
    )

    box.engine = away
    app.run()
    assert app.error
    box.engine = sqlite_engine
    app.run()

    away.dispose()
    assert not app.error
    assert app.selectbox(key="filter_weights").value == "two-block-00000001"


def test_without_a_store_the_page_says_so_and_to_the_operator_what_changes_that():
    settings = StoreSettings("none", None, "not kept: no database is configured")

    visitors, operators = opened(None, settings), opened(None, settings, operator=True)

    assert not visitors.exception
    assert visitors.info[0].value == "Nothing is kept, so there is nothing to count."
    assert "DB_HOST" in operators.info[0].value


def test_a_wrong_configuration_is_not_called_none():
    settings = StoreSettings("none", None, "not kept: the database is not configured rightly")

    app = opened(None, settings, operator=True)

    assert "not configured rightly" in app.info[0].value
    assert "DB_HOST" not in app.info[0].value


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_in_the_confusion_matrix_take_the_themes_text_colour(sqlite_engine, theme):
    keep(sqlite_engine, random_drawings(seed=6, number=50))
    option = f"theme.{theme}.textColor"
    before = config.get_option(option)
    config.set_option(option, "#112233")
    app = AppTest.from_function(
        page, kwargs={"engine": sqlite_engine, "settings": settings_of(sqlite_engine.url)}
    )
    app.context = {"theme": theme}

    app.run(timeout=30)

    config.set_option(option, before)
    texts = [trace for trace in figures(app)[2]["data"] if trace.get("mode") == "text"]
    assert texts[0]["textfont"]["color"] == "#112233"


def test_days_are_utc_days(engine):
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    keep(
        engine,
        [(a_drawing(created_at=late), 7), (a_drawing(created_at=late + timedelta(hours=1)), 7)],
    )

    app = opened(engine)

    read_right = figures(app)[0]["data"][0]
    assert read_right["x"] == ["2026-03-04", "2026-03-05"]
