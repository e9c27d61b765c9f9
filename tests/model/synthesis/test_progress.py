"""What a log gets to read, where no terminal shows a bar."""

from __future__ import annotations

import sys

import pytest

from model.synthesis import progress as module
from model.synthesis.progress import LogLines, progress, say_phase


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list whose first number is the time in seconds."""
    now_s = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now_s[0])
    return now_s


def test_a_log_reads_what_begins(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(15_134, "drawing", "drawings", is_long=True) as advance:
        advance()
    assert capsys.readouterr().err == "drawing: 15,134 drawings\n"


def test_a_log_reads_nothing_of_what_is_done_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(12, "drawing", "drawings", is_long=False) as advance:
        advance()
    assert capsys.readouterr().err == ""


def test_a_log_reads_how_far_it_is_every_thirty_seconds(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = LogLines("drawing", 2000)
    for _ in range(14):
        clock[0] += 5
        lines.advance(100)
    assert capsys.readouterr().err.splitlines() == [
        "drawing: 600 of 2,000 after 30 s",
        "drawing: 1,200 of 2,000 after 60 s",
    ]


def test_a_terminal_has_a_bar_and_no_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    say_phase("reading MNIST")
    with progress(1000, "drawing", "drawings", is_long=True) as advance:
        advance(1000)
    said = capsys.readouterr().err
    assert "reading" not in said
    assert "drawing:   0%" in said
    assert "1,000" not in said
