"""What Statistics says of the weights: promotions, versions, and whether drawings have changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from feedback.candidates import promote
from feedback.store import Answer, Drawing
from model.reading.drift import FEWEST, Window, freeze
from model.reading.frozen import Reference
from tests.feedback.sample_drawings import a_drawing, keep
from tests.feedback.sample_weights import SHIPPED
from tests.feedback.sample_weights import keep as keep_weights
from tests.postgres import settings_of

NEXT = "six-conv-00000002"
DRIFT = "Is this still what it was trained for?"


def a_reference(version: str = SHIPPED) -> Reference:
    chance = np.random.default_rng(9)
    taken = chance.random(3000) < 0.98
    confidence = 1 - chance.random(3000) * 0.05
    digits = chance.integers(0, 10, 3000)
    window = Window(np.arange(3000), taken, confidence, digits)
    return freeze(version, "3,000 pen digits", 0.9, window)


def drawn(
    number: int, taken: float = 0.98, version: str = SHIPPED, seed: int = 1
) -> list[tuple[Drawing, Answer | None]]:
    """Return drawings of 40 visitors, of which so many are taken for a digit."""
    chance = np.random.default_rng(seed)
    began = datetime.now(UTC) - timedelta(hours=5)
    return [
        (
            a_drawing(
                session_id=UUID(int=place % 40),
                weights_version=version,
                predicted=int(chance.integers(0, 10)),
                is_digit=bool(chance.random() < taken),
                confidence=float(1 - chance.random() * 0.05),
                created_at=began + timedelta(seconds=place),
            ),
            None,
        )
        for place in range(number)
    ]


def page(engine, settings, operator, live, reference):  # a script of its own
    from views.statistics import statistics_page

    def of(version):
        return reference if reference and reference.version == version else None

    statistics_page(engine, settings, operator=operator, live=live, reference_of=of)


def opened(engine: Engine, *, operator: bool = False, **told: Any) -> AppTest:
    usual = {"live": SHIPPED, "reference": a_reference()}
    values = {"engine": engine, "settings": settings_of(engine.url), "operator": operator}
    return AppTest.from_function(page, kwargs=values | usual | told, default_timeout=60).run()


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.success, app.warning, app.text)
    html = [element.proto.body for element in app.get("html")]
    return " ".join([element.value for kind in kinds for element in kind] + html)


def day_chart(app: AppTest) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(app.get("plotly_chart")[0].proto.spec)
    return spec


def test_drawings_as_before_are_still_what_it_was_trained_for(engine):
    keep(engine, drawn(400))

    app = opened(engine)

    assert not app.exception
    assert DRIFT in [header.value for header in app.header]
    assert "Yes, as far as drawings can tell" in words(app)
    assert "against 3,000 pen digits" in words(app)


def test_a_share_taken_for_a_digit_that_falls_is_told_first(engine):
    keep(engine, drawn(400, taken=0.41))

    app = opened(engine)

    assert app.warning[0].value.startswith("**No.**")
    (table,) = [one.proto.body for one in app.get("html") if "ink-drift" in one.proto.body]
    assert table.index("Taken for a digit") < table.index("Sure of it")
    assert "moved" in table


@pytest.mark.parametrize(("number", "is_said"), [(FEWEST - 1, False), (FEWEST, True)])
def test_there_is_no_verdict_under_200_drawings(sqlite_engine, number, is_said):
    keep(sqlite_engine, drawn(number))

    app = opened(sqlite_engine)

    assert ("No verdict yet" in words(app)) is not is_said
    assert ("ink-drift" in words(app)) is is_said


def test_only_drawings_of_the_version_that_is_live_are_compared(sqlite_engine):
    keep(sqlite_engine, drawn(400, taken=0.2, version=NEXT) + drawn(250, seed=2))

    assert "The newest 250 drawings" in words(opened(sqlite_engine))


def test_a_version_that_is_chosen_above_is_compared_in_its_place(sqlite_engine):
    keep(sqlite_engine, drawn(250) + drawn(300, version=NEXT, seed=2))
    app = opened(sqlite_engine, reference=a_reference(NEXT))

    app.selectbox(key="filter_weights").select(NEXT).run()

    assert "The newest 300 drawings" in words(app)


def test_a_version_without_a_reference_says_how_to_make_one(sqlite_engine):
    keep(sqlite_engine, drawn(3))

    assert "python -m model.freeze" in words(opened(sqlite_engine, reference=None))


def test_versions_stand_side_by_side_with_the_live_one_marked(engine):
    keep(engine, drawn(3))
    assert "ink-versions" not in words(opened(engine))  # of one there is nothing to compare
    keep(engine, drawn(2, version=NEXT, seed=2))

    from store.cached_counts import count_again

    count_again()
    app = opened(engine)

    (table,) = [one.proto.body for one in app.get("html") if "ink-versions" in one.proto.body]
    assert table.count("<th scope=") == 2
    assert table.count(", live") == 1
    assert table.index(", live") > table.index(SHIPPED)


def test_a_promotion_is_marked_on_the_days_line(engine):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    keep(engine, [*drawn(3), (a_drawing(created_at=tomorrow), None)])
    version = keep_weights(engine)
    promote(engine, version, by="Ada", why="better", expected_live=None)

    mark = day_chart(opened(engine))

    assert len(mark["layout"]["shapes"]) == 2  # through both panels
    said = [trace.get("customdata") for trace in mark["data"]]
    assert [f"{version} promoted"] in said


def test_who_promoted_it_and_why_is_for_the_operator_alone(sqlite_engine):
    keep(sqlite_engine, drawn(3))
    version = keep_weights(sqlite_engine)
    promote(sqlite_engine, version, by="Ada", why="better", expected_live=None)

    visitors, operators = (words(opened(sqlite_engine, operator=is_so)) for is_so in (False, True))

    assert f"{version} promoted." in visitors
    assert "Ada" not in visitors
    assert f"{version} promoted by Ada (better)" in operators


def test_without_promotions_nothing_is_marked(sqlite_engine):
    keep(sqlite_engine, drawn(3))

    app = opened(sqlite_engine)

    assert "shapes" not in day_chart(app)["layout"]
    assert "Marked" not in words(app)
