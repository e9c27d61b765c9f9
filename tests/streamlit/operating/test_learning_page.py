"""The Learning page over a real store: what is live, trained, judged, and what was before."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedback.candidates import promote, show_weights, take_lease
from feedback.store import NOT_A_DIGIT, record_answer
from process.training import LEASE, Trainer
from serving.live.following import Trouble
from tests.feedback.sample_drawings import a_drawing
from tests.feedback.sample_weights import keep
from tests.streamlit.operating.gate_reports import CARD, SHIPPED
from tests.streamlit.operating.opened_learning import a_report, opened, words


def test_an_empty_store_shows_what_will_be_here(engine):
    app = opened(engine)

    assert not app.exception
    assert f"Live is **{SHIPPED}, the shipped weights**: nothing was promoted" in words(app)
    assert "No answers so far" in words(app)
    assert "No candidate was trained yet" in words(app)
    assert "Nothing was promoted yet" in words(app)


def test_without_a_store_there_is_nothing_to_learn_from():
    assert "Nothing is kept" in words(opened(None))


def test_answers_are_counted_since_the_last_training(engine):
    for answer in (3, 3, NOT_A_DIGIT):
        record_answer(engine, a_drawing(), answer)
    assert "**3** answers so far" in words(opened(engine))

    keep(engine, parent=SHIPPED, made_at=datetime.now(UTC) + timedelta(seconds=5))

    assert "No answers since" in words(opened(engine))


def test_a_candidate_is_shown_with_every_row_of_its_report(engine):
    keep(engine, parent=SHIPPED, report=a_report())

    app = opened(engine)

    assert not app.exception
    assert "**Better** than what it was compared with" in words(app)
    assert "**9** were read right and **11**" in words(app)
    table = next(one.proto.body for one in app.get("html") if "ink-gate" in one.proto.body)
    assert table.count("<th scope=") == 2
    assert table.count('class="ink-broken"') == 1  # digit 4
    assert "-4.00" in table


def test_drawings_that_are_read_otherwise_are_shown_as_pictures(engine):
    right, wrong = a_drawing(), a_drawing()
    record_answer(engine, right, 4)
    record_answer(engine, wrong, 8)
    gone = "00000000-0000-4000-8000-000000000001"
    live = {
        "newly_right": (str(right.id), gone), "newly_misread": (str(wrong.id),),
        "readings": {
            str(right.id): {"label": 4, "was": 9, "is": 4},
            str(wrong.id): {"label": 8, "was": 8, "is": None},
        },
    }  # fmt: skip
    keep(engine, parent=SHIPPED, report=a_report(**live))

    said = words(opened(engine))

    assert "a 4: 9 → 4" in said
    assert "an 8: 8 → refused" in said
    assert "1 was deleted since" in said


def test_without_a_name_nothing_can_be_asked_for(engine):
    keep(engine, parent=SHIPPED, report=a_report())

    app = opened(engine, name="")

    assert all(button.disabled for button in app.button if button.key)


def test_weights_that_the_settings_name_stand_above_and_the_page_says_so(engine):
    app = opened(engine, weights=Path("/somewhere/mine.onnx"), reads="mine-00000000")

    assert "`WEIGHTS` names `mine.onnx`, which stands above all promotions" in words(app)
    assert "**mine-00000000** reads here" in words(app)


def test_a_release_with_newer_weights_than_the_live_ones_go_back_to_says_so(engine):
    version = keep(engine, parent="six-conv-00000000", report=a_report(parent="six-conv-00000000"))
    promote(engine, version, by="Ada", why="better", expected_live=None)

    newer = words(opened(engine, reads=version))
    same = words(opened(engine, reads=version, shipped=replace(CARD, version="six-conv-00000000")))

    assert f"This release ships **{SHIPPED}**, newer than **six-conv-00000000**" in newer
    assert "This release ships" not in same


def test_an_instance_that_has_not_followed_yet_says_so(engine):
    version = keep(engine, parent=SHIPPED, report=a_report())
    promote(engine, version, by="Ada", why="better", expected_live=None)

    assert f"{SHIPPED} still reads here" in words(opened(engine))
    trouble = Trouble(version, "damaged", 0.0)
    assert "still reads here" not in words(opened(engine, trouble=trouble))


def test_drawings_that_were_deleted_since_are_told_with_the_candidate(engine, monkeypatch):
    row = replace(show_weights(engine, keep(engine, parent=SHIPPED)), learnt_from=9, forgotten=2)
    monkeypatch.setattr("operating.learning_page.list_weights", lambda _engine: [row])

    assert "2 drawings that it learnt from were deleted since" in words(opened(engine))


def test_without_torch_the_page_names_the_command_and_the_image(engine, monkeypatch):
    monkeypatch.setattr("operating.training_section.can_train", lambda: False)

    app = opened(engine)

    assert "--mode finetune --from-store --publish" in words(app)
    assert "`trainer` image" in words(app)
    assert "learning_train" not in [button.key for button in app.button]


def test_a_training_elsewhere_is_told_and_none_is_begun_beside_it(engine):
    take_lease(engine, LEASE, holder="another machine, process 7", lasts_s=60)

    app = opened(engine)

    assert "being trained already, by another machine, process 7" in words(app)
    assert app.button(key="learning_train").disabled


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("print('six-conv-1 is in the store')", "The training has ended"),
        ("import sys; sys.exit('there are no answers yet')", "The training has failed"),
    ],
)
def test_a_training_that_has_ended_says_how(sqlite_engine, code, says):
    trainer = Trainer(sqlite_engine, [sys.executable, "-c", code])
    app = opened(sqlite_engine, trainer=trainer)

    app.button(key="learning_train").click().run()
    given_up_s = time.monotonic() + 30
    while trainer.latest is not None and trainer.latest.ended_at is None:
        assert time.monotonic() < given_up_s
        time.sleep(0.05)
    app.run()

    assert says in words(app)


def test_what_people_typed_is_shown_as_text(engine):
    version = keep(engine, parent=SHIPPED, report=a_report())
    promote(engine, version, by="<b>Ada</b> [x](y)", why="<img src=x>", expected_live=None)

    app = opened(engine, reads=version)

    history = next(one.proto.body for one in app.get("html") if "ink-promotions" in one.proto.body)
    assert "<img" not in history
    assert "&lt;img src=x&gt;" in history
    assert "[x](y)" not in app.markdown[0].value


def test_the_steps_that_were_typed_just_before_the_click_are_those_that_are_learnt(sqlite_engine):
    trainer = Trainer(sqlite_engine, [sys.executable, "-c", "import sys; print(sys.argv[1:])"])
    app = opened(sqlite_engine, trainer=trainer)

    app.number_input(key="learning_steps").set_value(12)  # not run in between
    app.button(key="learning_train").click().run()
    given_up_s = time.monotonic() + 30
    while trainer.latest is None or not trainer.latest.is_over:
        assert time.monotonic() < given_up_s
        time.sleep(0.05)

    assert trainer.latest.last_line == "['--steps', '12']"
