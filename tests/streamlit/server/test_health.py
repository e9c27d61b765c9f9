"""Health and readiness of the real server: what they need, and what they tell."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.dashboard import BY_SCRIPT, BY_STREAMLIT, Dashboard
from tests.postgres import environ_of
from tests.postgres_server import PostgresServer

LONG_S = 60


def asked(url: str) -> tuple[int, dict[str, str]]:
    """Return the status and the answer of an address."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def until(wanted: Callable[[tuple[int, dict[str, str]]], bool], url: str) -> tuple[int, dict]:
    """Return the first answer that is wanted, or the last one."""
    deadline = time.monotonic() + LONG_S
    while not wanted(answer := asked(url)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def loaded(dashboard: Dashboard) -> tuple[int, dict[str, str]]:
    """Return what /healthz says once it no longer says that it loads."""
    return until(lambda answer: answer[1]["weights"] != "loading", f"{dashboard.url}/healthz")


@pytest.mark.parametrize("way", [BY_SCRIPT, BY_STREAMLIT], ids=["run_streamlit", "streamlit run"])
def test_both_are_well_where_nothing_is_kept(tmp_path: Path, way: tuple[str, ...]):
    with Dashboard(tmp_path, {"EMBEDDED_STORE": "off"}, way) as dashboard:
        health = loaded(dashboard)
        readiness = asked(f"{dashboard.url}/readyz")

    assert health == (200, {"weights": "loaded"})
    assert readiness == (200, {"weights": "loaded", "store": "off"})


def test_both_answer_below_a_base_path_and_beside_it(tmp_path: Path):
    settings = {
        "EMBEDDED_STORE": str(tmp_path / "s.sqlite3"),
        "STREAMLIT_SERVER_BASE_URL_PATH": "inkling",
        "LOG_FORMAT": "json",
    }
    with BelowAPath(tmp_path, settings) as dashboard:
        loaded(dashboard)
        answers = [
            asked(f"{dashboard.url}{base}/{name}")
            for base in ("", "/inkling")
            for name in ("healthz", "readyz")
        ]

    ready = (200, {"weights": "loaded", "store": "answers"})
    assert answers == [(200, {"weights": "loaded"}), ready] * 2
    # All that it wrote is JSON, from its start to its end.
    lines = [json.loads(line) for line in dashboard.log.splitlines()]
    (first,) = (line for line in lines if "is up" in line["message"])
    last = lines[-1]
    assert first["message"].startswith("Inkling 0.1.0 is up; weights: six-conv-")
    assert first["message"].endswith("s.sqlite3), which answers")
    assert last["message"] == "Inkling ends; written since its start: 0; nothing waits"


class BelowAPath(Dashboard):
    """A dashboard whose pages, Streamlit's own health check among them, lie below a path."""

    def is_healthy(self) -> bool:
        try:
            return asked(f"{self.url}/healthz")[0] in (200, 503)
        except OSError:
            return False


def test_weights_that_are_broken_are_neither_healthy_nor_ready(tmp_path: Path):
    broken = tmp_path / "mine.safetensors"
    broken.write_bytes(b"\0" * 1000)
    with Dashboard(tmp_path, {"EMBEDDED_STORE": "off", "WEIGHTS": str(broken)}) as dashboard:
        health = loaded(dashboard)
        readiness = asked(f"{dashboard.url}/readyz")

    assert health == (503, {"weights": "not loaded"})
    assert readiness == (503, {"weights": "not loaded", "store": "off"})
    assert "ERROR process.start: there is no network to read with" in dashboard.log
    assert "mine.safetensors" in dashboard.log


def test_a_store_that_is_not_configured_rightly_is_not_ready(tmp_path: Path):
    with Dashboard(tmp_path, {"DB_HOST": "db.example.org"}) as dashboard:
        loaded(dashboard)
        readiness = asked(f"{dashboard.url}/readyz")

    assert readiness == (503, {"weights": "loaded", "store": "not configured rightly"})
    assert "db.example.org" not in str(readiness)
    assert "ERROR process.start: the configuration needs a look: " in dashboard.log


def test_a_database_that_goes_away_takes_readiness_and_leaves_health(tmp_path: Path):
    server = PostgresServer()
    try:
        server.start()
        settings = environ_of(server.url())
        with Dashboard(tmp_path, settings) as dashboard:
            loaded(dashboard)
            before = until(lambda answer: answer[0] == 200, f"{dashboard.url}/readyz")
            server.stop()
            during = until(lambda answer: answer[0] == 503, f"{dashboard.url}/readyz")
            health = asked(f"{dashboard.url}/healthz")
            server.start()
            after = until(lambda answer: answer[0] == 200, f"{dashboard.url}/readyz")
    finally:
        server.close()

    assert (before[0], during[0], after[0]) == (200, 503, 200)
    assert during[1] == {"weights": "loaded", "store": "away"}
    assert health == (200, {"weights": "loaded"})
    told = [line.split(" ", 1)[1] for line in dashboard.log.splitlines() if "store is" in line]
    assert [line.split(":")[0] for line in told] == ["ERROR store.outages", "INFO store.outages"]
    assert settings["DB_PASSWORD"] not in dashboard.log
