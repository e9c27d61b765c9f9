"""The shipped version is known without loading a network."""

from __future__ import annotations

import subprocess
import sys

from environment import ROOT
from model import Recogniser
from model.weight_files.shipped import shipped_version


def test_it_is_the_version_that_reads_where_nothing_else_is_named():
    assert shipped_version() == Recogniser.load().card.version


def test_a_program_that_knows_no_weights_may_ask():
    said = subprocess.check_output(
        [sys.executable, "-m", "model.weight_files.shipped"], cwd=ROOT, text=True
    )

    assert said == f"{shipped_version()}\n"
