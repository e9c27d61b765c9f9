"""Fine-tuning on the store's answers, from the command line to the store and its report."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import uuid
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

import learn_from_store
from environment import ROOT
from feedback.candidates import (
    StoredWeights,
    keep_weights,
    list_weights,
    live_version,
    load_stored_weights,
    promote,
    record_review,
)
from feedback.connection.engine import open_engine
from feedback.connection.settings import read_settings
from feedback.errors import StoreUnavailable
from feedback.migrate import migrate
from feedback.store import NOT_A_DIGIT, list_answered, record_answer, record_drawing
from learn_from_store import (
    as_plain_data,
    check_believed,
    made_from,
    publish,
    to_lessons,
    what_is_live,
)
from model.believing.believe import Believed, believe
from model.believing.statements import NO_DIGIT
from model.errors import WeightsError
from model.finetuning.answered import TooLittleToLearn
from model.finetuning.candidate import Candidate
from model.networks.checkpoint import load_weights
from model.promotion.gate_report import Report
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS, pair_of
from tests.feedback.sample_drawings import INK_PNG, a_drawing
from tests.model.believing.answers_of_visitors import AGREEING, answers_by, weights_that_read
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.model.finetuning.kept_drawings import SEVEN, some_drawings
from tests.model.promotion.judged import A_REPORT

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_as_mnist(tmp_path_factory.mktemp("data"), scanned_digits())


def answer_all(engine: Engine, each: int = 1, visitors: int = 2) -> None:
    """Keep visitors' drawings with their answers, one of no digit, and one without any."""
    people = [uuid.UUID(int=number + 1) for number in range(visitors)]
    for number, drawing in enumerate(some_drawings(each, not_digits=1)):
        png = io.BytesIO()
        Image.fromarray(drawing.ink).save(png, "PNG")
        kept = a_drawing(
            session_id=people[number % visitors],
            ink_png=png.getvalue(),
            source="canvas" if drawing.label == 7 else "upload",
            strokes=SEVEN if drawing.label == 7 else None,
        )
        answer = NOT_A_DIGIT if drawing.label == NO_DIGIT else drawing.label
        record_answer(engine, kept, answer)
    record_drawing(engine, a_drawing())


@pytest.fixture
def embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An embedded store that the settings name, with its schema and nothing in it."""
    path = tmp_path / "feedback.sqlite3"
    for key in [key for key in os.environ if key.startswith("DB_")]:
        monkeypatch.delenv(key)
    monkeypatch.delenv("WEIGHTS", raising=False)
    monkeypatch.setenv("EMBEDDED_STORE", str(path))
    engine = open_engine(read_settings({"EMBEDDED_STORE": str(path)}))
    migrate(engine)
    engine.dispose()
    return path


def opened(path: Path) -> Engine:
    return open_engine(read_settings({"EMBEDDED_STORE": str(path)}))


def stored(version: str, weights: Path = DEFAULT_WEIGHTS) -> StoredWeights:
    files = pair_of(weights)
    return StoredWeights(
        version=version, tensors=files.tensors.read_bytes(), graph=files.graph.read_bytes(),
        card={}, parent=None, metrics={}, made_at=datetime.now(UTC), made_from="a test",
        report={"verdict": "better", "parent": load_weights(DEFAULT_WEIGHTS)[1].version},
    )  # fmt: skip


def test_the_stores_answers_arrive_as_plain_data(engine: Engine) -> None:
    answer_all(engine)

    answers = as_plain_data(list_answered(engine, limit=100))

    assert sorted(answered.label for answered in answers) == [*range(10), NO_DIGIT]
    assert len({answered.visitor for answered in answers}) == 2
    assert len({answered.drawing for answered in answers}) == 11
    assert [answered.label for answered in answers if answered.strokes] == [7]
    assert all(answered.said_at.tzinfo for answered in answers)
    inks = {drawing.label: drawing.ink for drawing in some_drawings(1)}
    assert all((a.ink == inks[a.label]).all() for a in answers if a.label != NO_DIGIT)


def test_what_an_operator_decided_arrives_beside_the_authors_answer(engine: Engine) -> None:
    drawing = a_drawing()
    record_answer(engine, drawing, 3)
    record_review(engine, drawing.id, 5, "Ada")

    (answered,) = as_plain_data(list_answered(engine, limit=100))

    assert (answered.label, answered.review, answered.believed_label) == (3, 5, 5)


def test_kept_ink_that_is_damaged_is_passed_over_aloud(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    record_answer(engine, a_drawing(ink_png=INK_PNG[:40]), 3)

    assert as_plain_data(list_answered(engine, limit=100)) == []
    assert "passed over 1 kept drawings whose ink is damaged" in capsys.readouterr().err


def test_lessons_have_their_weight_and_leave_the_live_test_out() -> None:
    believed = believe(answers_by([10] * 8), AGREEING)

    lessons = to_lessons(believed)

    assert 0 < len(lessons) < 80
    tested = {belief.answered.visitor for belief in believed.live_test}
    assert not tested & {lesson.visitor for lesson in lessons}
    assert {lesson.weight for lesson in lessons} == {1.0}
    assert made_from(believed).startswith(f"{len(lessons)} answers of {8 - len(tested)} visitors")


def test_where_little_is_left_but_what_is_set_aside_nothing_is_learnt() -> None:
    one = answers_by([60])
    believed = believe(one, weights_that_read({a.drawing: (a.label + 1) % 10 for a in one}))

    with pytest.raises(TooLittleToLearn, match=r"^0 answers .* are set aside: review those first"):
        check_believed(believed)
    check_believed(believe(one, AGREEING))


def test_live_is_what_was_promoted_last_and_the_shipped_weights_before_that(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEIGHTS", raising=False)
    assert what_is_live(engine, tmp_path) == DEFAULT_WEIGHTS
    keep_weights(engine, stored("six-conv-00000001"), [])
    promote(engine, "six-conv-00000001", by="Ada", why="a test", expected_live=None)

    live = what_is_live(engine, tmp_path)

    assert live.name == "six-conv-00000001.safetensors"
    assert live.read_bytes() == DEFAULT_WEIGHTS.read_bytes()
    assert load_weights(live)[1] == load_weights(DEFAULT_WEIGHTS)[1]


def test_the_setting_stands_above_promotions(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_weights(engine, stored("six-conv-00000001"), [])
    promote(engine, "six-conv-00000001", by="Ada", why="a test", expected_live=None)
    monkeypatch.setenv("WEIGHTS", str(BASELINE_WEIGHTS))

    assert what_is_live(engine, tmp_path) == BASELINE_WEIGHTS


def test_a_candidate_of_the_embedded_store_is_judged_and_kept_there_with_its_report(
    tmp_path: Path, data_dir: Path, embedded: Path
) -> None:
    engine = opened(embedded)
    answer_all(engine, each=2)
    out = tmp_path / "new.safetensors"

    result = subprocess.run(
        [sys.executable, "-W", "error", "run_model.py", "--mode", "finetune", "--from-store",
         "--publish", "--steps", "2", "--batch-size", "12", "--data-dir", str(data_dir),
         "--out", str(out)],
        cwd=ROOT, text=True, capture_output=True, check=False,
        env={**ENVIRONMENT, "WEIGHTS": str(BASELINE_WEIGHTS), "EMBEDDED_STORE": str(embedded)},
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    assert "21 answers of 2 visitors" in result.stdout
    (row,) = list_weights(engine)
    card = load_weights(out)[1]
    assert (row.version, row.parent) == (card.version, load_weights(BASELINE_WEIGHTS)[1].version)
    assert row.report
    report = Report.from_json(row.report)
    assert (report.candidate, report.parent) == (row.version, row.parent)
    assert report.to_json() == json.loads((tmp_path / "new.gate.json").read_text())
    assert card.fine_tuning
    assert row.learnt_from == card.fine_tuning.digits + card.fine_tuning.not_digits
    assert row.learnt_from + report.live_test.digits + report.live_test.not_digits <= 21
    assert report.live_test.digits > 0
    assert load_stored_weights(engine, row.version).tensors == out.read_bytes()
    assert live_version(engine) is None
    engine.dispose()


@pytest.fixture
def candidate(tmp_path: Path) -> Candidate:
    card = load_weights(BASELINE_WEIGHTS)[1]
    files, shipped = pair_of(tmp_path / "mine.safetensors"), pair_of(BASELINE_WEIGHTS)
    files.tensors.write_bytes(shipped.tensors.read_bytes())
    files.graph.write_bytes(shipped.graph.read_bytes())
    return Candidate(files.tensors, card, 1, {}, {})


BELIEVED: Believed = believe(answers_by([10] * 8), AGREEING, has_live_test=False)


def with_ids(believed: Believed) -> Believed:
    """Return the same of drawings that have ids as the store makes them."""
    return Believed(
        [
            replace(b, answered=replace(b.answered, drawing=str(uuid.UUID(int=n + 1))))
            for n, b in enumerate(believed.beliefs)
        ]
    )


def test_the_same_candidate_once_more_is_kept_once_with_its_new_report(
    embedded: Path, candidate: Candidate, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(candidate, with_ids(BELIEVED), A_REPORT)
    publish(candidate, with_ids(BELIEVED), replace(A_REPORT, verdict="worse"))

    engine = opened(embedded)
    (row,) = list_weights(engine)
    engine.dispose()
    assert row.verdict == "worse"
    assert row.card["digest"] == asdict(candidate.card)["digest"]
    assert "is in the store already" not in capsys.readouterr().err


def test_a_store_that_comes_back_gets_the_candidate_all_the_same(
    embedded: Path,
    candidate: Candidate,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(learn_from_store, "WAITS_S", (0, 0, 0))
    elsewhere = embedded.rename(embedded.with_name("away"))
    waits: list[float] = []

    def come_back(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 2:
            elsewhere.rename(embedded)

    monkeypatch.setattr("learn_from_store.time.sleep", come_back)

    publish(candidate, with_ids(BELIEVED), A_REPORT)

    assert "trying again" in capsys.readouterr().err
    engine = opened(embedded)
    assert [row.version for row in list_weights(engine)] == [candidate.card.version]
    engine.dispose()


def test_a_store_that_stays_away_leaves_the_files_and_says_where_they_are(
    embedded: Path, candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn_from_store, "WAITS_S", (0, 0))
    asked = []

    def away(*_: object) -> None:
        asked.append(1)
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr("feedback.candidates.list_weights", away)

    with pytest.raises(WeightsError, match="what is live has not changed") as told:
        publish(candidate, with_ids(BELIEVED), A_REPORT)

    assert len(asked) == 2
    assert "the database is away" in str(told.value)
    assert f"it is in {candidate.weights}" in str(told.value)
    assert candidate.weights.is_file()
