import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MAKEFILE = """
lint types:
\t@echo checked: $@
test:
\t@echo CI=$(CI) DATA_DIR=$(DATA_DIR)
\t@{python} -m pytest -p no:cacheprovider -ra test_it.py
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("make") is None, reason="needs Linux and make"
)


def run_ci(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    """Run .ci/run in a project whose whole suite is `tests`."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / "Makefile").write_text(MAKEFILE.format(python=sys.executable))
    (folder / "test_it.py").write_text("import pytest\n" + tests)
    (folder / ".ci" / "prepare").write_text("#!/bin/sh\n")  # nothing is installed for this test
    (folder / ".ci" / "prepare").chmod(0o755)
    return subprocess.run(
        [folder / ".ci" / "run"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_suite_that_passes_whole_passes_and_its_closing_line_comes_last(tmp_path: Path):
    run = run_ci(tmp_path, "def test_one(): pass\n")

    lines = run.stdout.splitlines()
    assert run.returncode == 0, run.stderr
    assert lines[:2] == ["checked: lint", "checked: types"]
    assert "CI=true DATA_DIR=../shared/data" in lines
    assert "1 passed in" in lines[-1]


def test_a_skipped_test_fails_the_run(tmp_path: Path):
    run = run_ci(tmp_path, "def test_one(): pass\ndef test_two(): pytest.skip('no browser')\n")

    assert run.returncode == 1
    assert "Tests were skipped" in run.stderr
    assert "1 passed, 1 skipped in" in run.stdout.splitlines()[-1]


@pytest.mark.parametrize("tests", ["def test_one(): assert 0\n", "", "import nowhere\n"])
def test_a_suite_that_fails_or_has_no_test_fails_the_run(tmp_path: Path, tests: str):
    assert run_ci(tmp_path, tests).returncode != 0
