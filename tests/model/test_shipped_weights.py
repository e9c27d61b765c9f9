"""The shipped weights are as good as the recorded results, and with them the README, say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from environment import ROOT
from model.checkpoint import DEFAULT_WEIGHTS, load_weights

REPORT = "classification_report.json"


@pytest.mark.data
def test_mode_test_reproduces_the_recorded_figures_to_the_digit(
    datasets: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "run_model.py", "--mode", "test", "--results-dir", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=600,
    )

    report, recorded = (
        json.loads((folder / REPORT).read_text(encoding="utf-8"))
        for folder in (tmp_path, ROOT / "results")
    )
    assert recorded["weights"]["version"] == load_weights(DEFAULT_WEIGHTS)[1].version
    assert report["test"]["correct"] == recorded["test"]["correct"] >= 9_930
    if (datasets / "pen").is_dir():
        assert report["pen"]["correct"] == recorded["pen"]["correct"]
        assert report["complete"]["correct"] == recorded["complete"]["correct"]
