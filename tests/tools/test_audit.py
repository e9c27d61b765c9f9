"""What is installed is looked up; not to have asked is said, and an error only when asked to be."""

from __future__ import annotations

from typing import Any

import pytest

from tools import audit

CLEAN = {"name": "good", "version": "1.0", "vulns": []}
KNOWN = {
    "name": "bad",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}],
}
SKIPPED = {"name": "own", "skip_reason": "not found"}


def audited(
    monkeypatch: pytest.MonkeyPatch, answer: list[dict[str, Any]] | str, *options: str
) -> int:
    report = answer if isinstance(answer, str) else {"dependencies": answer}
    monkeypatch.setattr(audit, "ask", lambda: report)
    return audit.main(options)


def test_a_known_vulnerability_fails_and_names_the_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert audited(monkeypatch, [CLEAN, KNOWN]) == 1
    assert "bad 2.0: PYSEC-1, mended in 2.1" in capsys.readouterr().out


def test_nothing_known_passes_and_what_was_not_checked_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert audited(monkeypatch, [CLEAN, SKIPPED], "--strict") == 0
    assert "not checked: own" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["no route to host", [SKIPPED]])
def test_not_to_have_asked_is_said_and_an_error_only_where_that_was_wished(
    answer: list[dict[str, Any]] | str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    assert audited(monkeypatch, answer) == 0
    assert "nothing was checked" in capsys.readouterr().out
    assert audited(monkeypatch, answer, "--strict") == 1
