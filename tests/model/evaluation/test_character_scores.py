from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model.datasets.alphabet import CHARACTERS
from model.errors import BadWeights
from model.evaluation import refusal
from model.evaluation.character_scores import SETS, describe_merged, evaluate_characters
from model.evaluation.character_table import format_characters
from model.networks.checkpoint import save_weights
from model.networks.registry import CHARACTERS as NETWORK
from model.networks.registry import build_network
from model.weight_files.places import BASELINE_WEIGHTS
from tests.model.datasets.scanned_characters import write_characters
from tests.model.networks.cards import CARD


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a handful of scans and strokes, weights that know nothing, and results."""
    folder = tmp_path_factory.mktemp("characters")
    write_characters(folder)
    torch.manual_seed(0)
    card = replace(CARD, architecture=NETWORK, classes=tuple(CHARACTERS), digit_threshold=0.0)
    save_weights(folder / "w.safetensors", build_network(NETWORK).eval(), card)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refusal, "PER_KIND", 3)
        evaluate_characters(folder / "w.safetensors", folder, folder / "results")
    return folder


def reported(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "results" / "report.json").read_text())
    return report


def test_the_report_is_about_scans_letters_and_drawings_of_test_sites_alone(folder: Path) -> None:
    report = reported(folder)

    assert {name: report[name]["images"] for name in SETS} == {
        "by_class": 62,
        "letters": 52,
        "drawn": 2,
        "drawn_digits": 1,
    }
    assert set(report["drawn"]["sites"]) == {"ced", "ibm"}
    assert set(report["drawn"]["merged_classes"]) == {"7", "w"}
    assert list(report["by_class"]["classes"]) == sorted(CHARACTERS)
    assert len(report["letters"]["classes"]) == 26


def test_without_case_the_shares_of_both_cases_are_added_up() -> None:
    shares = np.zeros((2, len(CHARACTERS)))
    for label, share in {"C": 0.35, "c": 0.25, "G": 0.4}.items():
        shares[:, CHARACTERS.index(label)] = share
    labels = np.array([CHARACTERS.index("c"), CHARACTERS.index("G")])

    figures = describe_merged(shares, labels, np.ones(2, bool), threshold=0.4)

    assert figures["merged_accuracy"] == 0.5  # the c, whose G is the likeliest of the 62
    assert figures["merged_sure_accuracy"] == 0.5  # both are read as a G, and one is


def test_each_kind_of_what_is_no_character_has_its_share_refused(folder: Path) -> None:
    for row in reported(folder)["refusal"].values():
        assert row["images"] == 3
        assert row["refused_share"] == row["refused"] / 3


def test_the_table_has_both_columns_and_is_written_beside_the_report(folder: Path) -> None:
    report = reported(folder)

    text = format_characters(report)

    assert (folder / "results" / "evaluation.txt").read_text() == text + "\n"
    wanted = f"{report['by_class']['accuracy']:.2%} {report['by_class']['merged_accuracy']:.2%}"
    assert f"accuracy {wanted}" in " ".join(text.split())
    assert "    w (1)" in text


def test_every_figure_is_drawn(folder: Path) -> None:
    names = reported(folder)["figures"]

    assert names[0] == "reliability.png"
    assert len(names) == 4
    for name in names:
        assert (folder / "results" / name).read_bytes().startswith(b"\x89PNG")


def test_weights_of_digits_are_refused_in_a_sentence(folder: Path) -> None:
    with pytest.raises(BadWeights, match="does not read the 62 characters"):
        evaluate_characters(BASELINE_WEIGHTS, folder, folder / "none")

    assert not (folder / "none").exists()
