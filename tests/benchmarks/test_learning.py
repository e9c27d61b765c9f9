from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.research import learning
from benchmarks.research.learning_report import format_table, summarise
from benchmarks.research.unseen_site import SITES, halve, unseen, writer_of
from model.figures.learning_curve import save_learning_curve
from model.pen.drawings import PenDrawing
from model.pen.sites import TEST_SITES, VALIDATION_SITES
from tests.model.finetuning.kept_drawings import SEVEN

DIGITS = [
    PenDrawing(str(n % 10), str(n % writers), site, SEVEN)
    for site, writers in (("syn", 10), ("pendigits", 8), ("apb", 20))
    for n in range(200)
]


def measured(site: str, seed: int, wrong: int) -> dict[str, Any]:
    before = {"others": [20, 1000, 0.1], "own": [10, 500, 0.1], "MNIST": [20, 6000, 0.02]}
    after = {"others": [wrong, 1000, 0.08], "own": [5, 500, 0.05], "MNIST": [26, 6000, 0.02]}
    way = {"30": {"others": [18, 1000, 0.1]}, "300": after}
    return {"site": site, "seed": seed, "before": before, "after": {"a way": way}, "seconds": 9}


REPORT = {
    "machine": "a machine",
    "sites": ["syn"],
    "seeds": [0, 1],
    "answers": [30, 300],
    **summarise([measured("syn", 0, 10), measured("syn", 1, 14)]),
}


def test_no_validation_and_no_test_site_is_ever_left_out() -> None:
    sites = {site for group in SITES.values() for site in group}

    assert sites
    assert not sites & {*VALIDATION_SITES, *TEST_SITES}


def test_who_answers_and_who_is_read_are_different_writers() -> None:
    of_site = [drawing for drawing in DIGITS if drawing.source == "syn"]

    parts = halve(of_site, 50, seed=0)

    answering, others = ({writer_of(d) for d in p} for p in (parts.answering, parts.others))
    assert len(answering) == len(others) == 5
    assert not answering & others
    assert len(parts.answering) == 50
    assert {writer_of(drawing) for drawing in parts.own} == answering
    assert len(parts.own) == 50
    assert not {id(drawing) for drawing in parts.own} & {id(d) for d in parts.answering}


def test_a_network_learns_nothing_of_the_site_and_of_some_writers_elsewhere() -> None:
    of_site, new = unseen(DIGITS, "syn", seed=0)

    assert of_site == {n for n, drawing in enumerate(DIGITS) if drawing.source == "syn"}
    writers = {writer_of(DIGITS[n]) for n in new}
    assert len(writers) == 3  # a tenth of 28
    assert new == {n for n, drawing in enumerate(DIGITS) if writer_of(drawing) in writers}
    assert not of_site & new


def test_figures_are_means_over_sites_and_seeds_with_their_deviation() -> None:
    row = REPORT["ways"]["a way"]["300"]

    assert REPORT["before"]["others"] == {"mean": 0.02, "deviation": 0, "runs": 2}
    assert row["others"]["remaining"]["mean"] == pytest.approx(0.6)
    assert row["others"]["remaining"]["deviation"] == pytest.approx(0.1 * 2**0.5)
    assert row["others"]["loss"]["mean"] == pytest.approx(0.8)
    assert row["MNIST"]["points"]["mean"] == pytest.approx(-0.1)
    assert "own" not in REPORT["ways"]["a way"]["30"]


def test_the_table_has_errors_that_are_gone_and_points_that_are_lost() -> None:
    lines = format_table(REPORT).splitlines()

    ways = [line.split() for line in lines if line.startswith("a way")]
    assert ways[0] == ["a", "way", "10", "±", "0", "40", "±", "14"]
    assert ways[-1] == ["a", "way", "-0.10", "±", "0.00"]


def test_the_curve_is_a_picture_and_the_same_for_the_same_report(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save_learning_curve(tmp_path / name, REPORT)

    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width > 1000


def test_what_was_measured_is_measured_again_after_a_change_of_the_schedule() -> None:
    usual = learning.kept_path("syn", 0, learning.Schedule(), (30, 100))

    assert usual == learning.kept_path("syn", 0, learning.Schedule(), (30, 100))
    assert usual != learning.kept_path("syn", 0, learning.Schedule(epochs=9), (30, 100))
    assert usual != learning.kept_path("syn", 0, learning.Schedule(), (30,))
    assert usual != learning.kept_path("syn", 1, learning.Schedule(), (30, 100))


def test_a_quick_run_does_not_write_over_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        learning.main(["--quick"])

    assert ended.value.code == 2
    assert "--quick needs another place" in capsys.readouterr().err
