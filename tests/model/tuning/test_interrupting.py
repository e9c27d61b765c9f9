"""Ctrl-C in the middle of a search, as a terminal sends it, and the way on from there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from environment import ROOT
from tests.model.crossval.pools import write_data

UNFINISHED = ROOT / "var" / "tuning"
COUNTS = (100, 101, 102, 103, 104, 105, 106, 107)


def started(data: Path, folder: Path, *more: str) -> subprocess.Popen[str]:
    """Start a search of several seconds, in a group of processes of its own."""
    command = [
        sys.executable, "run_model.py", "--mode", "tune", "--no-tracking", "--members", "rf",
        "--grid", f"rf.n_estimators={','.join(map(str, COUNTS))}", "--cv", "2", "--subset", "250",
        "--workers", "2", "--out", str(folder / "models"), "--results-dir", str(folder / "results"),
    ]  # fmt: skip
    environ = {**os.environ, "DATA_DIR": str(data)}
    return subprocess.Popen(
        [*command, *more], cwd=ROOT, env=environ, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finished_since(moment: float) -> list[Path]:
    """Return the candidates that were finished since then, of searches for this grid."""
    found = UNFINISHED.glob("*/rf-*.candidate.json")
    new = [path for path in found if path.stat().st_mtime >= moment]
    told = {path: json.loads(path.read_text()) for path in new}
    return [path for path, one in told.items() if one["params"]["n_estimators"] in COUNTS]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of a terminal goes to a group of processes")
def test_ctrl_c_keeps_finished_candidates_and_resume_goes_on_with_them(tmp_path: Path) -> None:
    data = write_data(tmp_path)
    moment = time.time() - 1
    first = started(data, tmp_path)
    end_s = time.monotonic() + 240
    while len(finished_since(moment)) < 2:
        assert first.poll() is None, first.communicate()
        assert time.monotonic() < end_s
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGINT)
    said, _ = first.communicate(timeout=120)

    assert first.returncode == 130
    assert "--resume goes on" in said
    assert not (tmp_path / "models" / "ensemble.json").exists()

    kept = finished_since(moment)
    assert 2 <= len(kept) < len(COUNTS)
    marked = json.loads(kept[0].read_text())
    marked["scores"] = [0.125, 0.375]  # that no search would find: it shows who is asked again
    kept[0].write_text(json.dumps(marked))

    again = started(data, tmp_path, "--resume")
    said, wrong = again.communicate(timeout=400)

    assert again.returncode == 0, wrong
    report = json.loads((tmp_path / "results" / "tuned_models.json").read_text())
    scores = {it["params"]["n_estimators"]: it["scores"] for it in report["candidates"]["rf"]}
    assert scores.keys() == set(COUNTS)
    assert [count for count, it in scores.items() if it == [0.125, 0.375]] == [
        marked["params"]["n_estimators"]
    ]
    assert not kept[0].parent.exists()
