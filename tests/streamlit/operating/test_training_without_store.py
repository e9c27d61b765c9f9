"""A database that is taken away while a candidate is trained: the page goes on saying what is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from feedback.candidates import list_weights, live_version
from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from process.training import Trainer
from tests.feedback.sample_weights import chain
from tests.postgres import environ_of, settings_of
from tests.postgres_server import PostgresServer
from tests.streamlit.operating.gate_reports import CARD, SHIPPED
from tests.streamlit.operating.opened_learning import words

# The last steps of a training, without the training: the weights are made, and are to be kept.
KEEPS = """
print("fine-tuning baseline on 80 drawings", flush=True)
import sys, time
from pathlib import Path
import learn_from_store
from model.errors import WeightsError
from model.finetuning.candidate import Candidate
from model.networks.checkpoint import load_weights
from model.weight_files.places import BASELINE_WEIGHTS
from tests.model.promotion.judged import A_REPORT
from tests.model.test_learn_from_store import BELIEVED, with_ids

learn_from_store.WAITS_S = (0, 0.1)
while not Path(sys.argv[1]).exists():
    time.sleep(0.02)
made = Candidate(BASELINE_WEIGHTS, load_weights(BASELINE_WEIGHTS)[1], 1, {}, {})
try:
    learn_from_store.publish(made, with_ids(BELIEVED), A_REPORT)
except WeightsError as error:
    sys.exit(str(error))
"""


def page(engine, trainer, shipped, reads):  # a script of its own, as the dashboard runs a page
    import streamlit as st

    from feedback.errors import StoreUnavailable
    from operating.learning_page import learning_page

    try:
        learning_page(engine, trainer, shipped=shipped, weights=None, reads=reads, trouble=None)
    except StoreUnavailable as error:
        st.warning(str(error))


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """Start a server of this test's own, to be taken away."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


def heard(trainer: Trainer, line: str) -> None:
    given_up_s = time.monotonic() + 120
    while trainer.latest is None or not any(line in one for one in [*trainer.latest.lines]):
        assert time.monotonic() < given_up_s
        time.sleep(0.05)


def over(trainer: Trainer) -> None:
    given_up_s = time.monotonic() + 120
    while trainer.latest is None or not trainer.latest.is_over:
        assert time.monotonic() < given_up_s
        time.sleep(0.05)


def test_a_database_taken_away_in_the_middle_of_a_training_leaves_the_old_weights_live(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in environ_of(server.url()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("process.training.NICENESS", 0)  # or it waits for all other tests
    monkeypatch.setattr("process.training.RENEW_S", 0.2)
    engine = open_engine(settings_of(server.url()))
    migrate(engine)
    (live,) = chain(engine, 1)
    go_on = tmp_path / "go on"
    trainer = Trainer(engine, [sys.executable, "-c", KEEPS, str(go_on)])
    told = {"engine": engine, "trainer": trainer, "shipped": CARD, "reads": SHIPPED}
    app = AppTest.from_function(page, kwargs=told, default_timeout=60)

    trainer.start("Ada")
    heard(trainer, "fine-tuning")
    server.stop()
    during = words(app.run())
    progress = app.get("progress")[0].proto.text
    go_on.touch()
    over(trainer)
    ended = words(app.run())
    server.start()
    afterwards = words(app.run())
    kept, now_live = list_weights(engine), live_version(engine)
    engine.dispose()

    assert progress.startswith("Asked for by Ada: fine-tuning baseline")
    assert "PostgreSQL" in during
    for said in (ended, afterwards):
        assert "The training has failed, and what is live has not changed." in said
        assert "The candidate is not in the store; it is in " in said
        assert "The same command makes the same weights again" in said
    assert f"Live is **{live}**" in afterwards
    assert now_live == live
    assert [row.version for row in kept] == [live]
