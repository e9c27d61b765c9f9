"""Which weights read, over a real store with real weights in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from feedback.candidates import StoredWeights, keep_weights, promote, roll_back
from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from model.weight_files.pair import read_to_predict
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS, pair_of
from process import network
from process.kept import close_stores
from process.references import reference_of
from tests.feedback.sample_weights import a_report
from tests.feedback.sample_weights import keep as keep_no_network
from tests.postgres import settings_of, sqlite_url
from tests.streamlit.seen import shown

SHIPPED = read_to_predict(DEFAULT_WEIGHTS)[1].version
BASELINE = read_to_predict(BASELINE_WEIGHTS)[1]


@pytest.fixture
def store(embedded_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An embedded store that the settings name, for this process to follow."""
    monkeypatch.setenv("WEIGHTS", "")
    engine = open_engine(settings_of(sqlite_url(embedded_store)))
    migrate(engine)
    yield engine
    engine.dispose()
    network.forget_recognisers()
    close_stores()


def keep_baseline(engine: Engine, **metrics: Any) -> str:
    """Keep the other shipped network as if it were a candidate; return its version."""
    files = pair_of(BASELINE_WEIGHTS)
    stored = StoredWeights(
        version=BASELINE.version,
        tensors=files.tensors.read_bytes(),
        graph=files.graph.read_bytes(),
        card=asdict(BASELINE),
        parent=SHIPPED,
        metrics=metrics,
        made_at=datetime.now(UTC),
        made_from="nothing",
        report=a_report(parent=SHIPPED),
    )
    keep_weights(engine, stored, [])
    return stored.version


def reads(weights: Path | None = None) -> str | None:
    """Return the version that reads, once the store was asked, however long that takes."""
    network.look_everywhere()
    return network.version_in_use(weights)


def make_live(engine: Engine, version: str) -> None:
    promote(engine, version, by="Ada", why="a test", expected_live=None)


def test_the_last_promotion_reads_and_after_a_roll_back_what_was_before(store):
    make_live(store, keep_baseline(store))
    assert reads() == BASELINE.version

    roll_back(store, by="Ada", why="a test")

    assert reads() == SHIPPED


def test_weights_that_the_settings_name_stand_above_a_promotion(store):
    make_live(store, keep_baseline(store))

    assert reads(DEFAULT_WEIGHTS) == SHIPPED


def test_bytes_that_are_no_network_leave_the_shipped_weights_reading(store):
    version = keep_no_network(store, parent=SHIPPED)
    make_live(store, version)

    assert reads() == SHIPPED
    trouble = network.trouble_with(None)
    assert trouble is not None
    assert trouble.version == version


def test_a_file_is_checked_against_its_digest_before_it_is_used(store):
    version = keep_baseline(store)
    make_live(store, version)
    with store.begin() as connection:
        # As a disk would: past all guards.
        for trigger in connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'weights'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE weights SET graph = tensors"))

    assert reads() == SHIPPED
    trouble = network.trouble_with(None)
    assert trouble is not None
    assert "damaged" in trouble.words


def test_every_page_tells_the_operator_of_weights_that_cannot_be_loaded(
    store, open_app, as_operator
):
    version = keep_no_network(store, parent=SHIPPED)
    make_live(store, version)

    reads()
    operators, visitors = open_app(**as_operator), open_app()

    assert f"{version} is to be live and cannot be loaded" in operators.error[0].value
    assert version not in shown(visitors)


def test_a_version_of_the_store_brings_its_reference(store):
    shipped = reference_of(store, None, SHIPPED)
    assert shipped is not None
    own = shipped.to_json() | {"version": BASELINE.version}
    version = keep_baseline(store, reference=own)

    found = reference_of(store, None, version)

    assert found is not None
    assert (found.version, found.digits) == (version, shipped.digits)
    assert reference_of(store, None, "six-conv-of-nobody") is None
