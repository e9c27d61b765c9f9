"""`python -m feedback.weights`: what is live is seen and changed from a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from feedback import weights
from feedback.candidates import (
    list_promotions,
    live_version,
    load_stored_weights,
    show_weights,
)
from feedback.weights import main
from model.weight_files.shipped import shipped_version
from tests.feedback.sample_weights import SHIPPED, a_report, keep
from tests.postgres import environ_of

Run = Any


@pytest.fixture(autouse=True)
def _known_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_shipped_version", lambda: SHIPPED)


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command over the test's store; return status, output and errors."""
    for name, value in environ_of(engine.url).items():
        monkeypatch.setenv(name, value)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def promoted(engine: Engine, run: Run) -> str:
    version = keep(engine, parent=live_version(engine) or SHIPPED)
    assert run("promote", version, "--why", "a test")[0] == 0
    return version


def test_without_promotions_the_shipped_weights_are_named(run: Run):
    status, said, _ = run("list")

    assert status == 0
    assert said.splitlines()[0] == "live: the shipped weights"
    assert "--mode finetune --from-store --publish` makes one" in said


def test_the_list_has_every_version_and_the_history(engine: Engine, run: Run):
    live, other = promoted(engine, run), keep(engine, report=None)
    run("reject", other, "--why", "sevens", "--by", "Ada")

    status, said, _ = run("list")

    lines = said.splitlines()
    assert (status, lines[0]) == (0, f"live: {live}")
    of_live, of_other = (next(li for li in lines[1:] if v in li) for v in (live, other))
    assert of_live.split()[:2] == ["*", live]
    assert "better" in of_live
    assert "2026-07-01 12:30" in of_live
    assert "not judged" in of_other
    assert "by Ada: sevens" in of_other
    assert f"promoted to {live} from the shipped weights, by " in lines[-1]
    assert lines[-1].endswith(": a test")


def test_the_list_says_so_where_nothing_was_promoted(engine: Engine, run: Run):
    keep(engine)

    assert run("list")[1].splitlines()[-1] == "nothing was promoted so far"


def test_what_is_frozen_for_statistics_is_no_figure_to_show(engine: Engine, run: Run):
    metrics = {"validation_accuracy": 0.99312345, "reference": {"shares": [0.5] * 20}}
    version = keep(engine, metrics=metrics)

    _, said, _ = run("show", version)

    assert "0.9931" in said
    assert "reference" not in said


def test_the_list_is_there_for_programs(engine: Engine, run: Run):
    version = promoted(engine, run)

    _, said, _ = run("list", "--json")

    (row,) = json.loads(said)
    assert (row["version"], row["is_live"], row["report"]["verdict"]) == (version, True, "better")


def test_one_version_is_shown_with_its_report(engine: Engine, run: Run):
    rows = [
        {"name": "MNIST", "unit": "share", "was": 0.9931, "is": 0.9925, "difference": -0.06,
         "limit": -0.05, "passed": False},
        {"name": "calibration", "unit": "error", "was": 0.003, "is": 0.0041, "difference": 0.0011,
         "limit": 0.005, "passed": True},
        {"name": "sure", "unit": "share", "was": 0.98, "is": None, "difference": None,
         "limit": None, "passed": True},
    ]  # fmt: skip
    live_test = {"digits": 60, "was_right": 50, "is_right": 55, "p": 0.0625}
    report = a_report("worse") | {"rows": rows, "live_test": live_test}
    version = keep(engine, report=report)

    _, said, _ = run("show", version)

    lines = [line.split() for line in said.splitlines()]
    assert ["version", version] in lines
    assert ["MNIST", "99.31%", "99.25%", "-0.06", "-0.05", "or", "better", "NO"] in lines
    assert ["calibration", "0.0030", "0.0041", "+0.0011", "+0.0050", "or", "better", "yes"] in lines
    assert ["sure", "98.00%", "not", "asked"] in lines
    assert f"the gate: worse, against {SHIPPED}" in said
    assert "50 of 60 drawings right before, 55 now (p = 0.0625)" in said
    assert "digit 4 lost 2.1 points" in said
    assert json.loads(run("show", version, "--json")[1])["report"] == report


def test_a_promotion_is_made_with_the_reason(engine: Engine, run: Run):
    version = keep(engine)

    status, said, errors = run("promote", version, "--why", "better on sevens", "--by", "Ada")

    assert (status, errors) == (0, "")
    assert said == (
        f"{version} is live, in place of the shipped weights: running dashboards follow within "
        "30 s\n"
    )
    (made,) = list_promotions(engine)
    assert (made.version, made.by_name, made.why) == (version, "Ada", "better on sevens")


def test_a_promotion_needs_a_reason(engine: Engine, run: Run):
    with pytest.raises(SystemExit):
        run("promote", keep(engine))

    assert live_version(engine) is None


def test_what_is_no_worse_is_promoted_on_the_operators_word(engine: Engine, run: Run):
    version = keep(engine, report=a_report("no worse"))

    status, _, said = run("promote", version, "--why", "a test")
    assert (status, live_version(engine)) == (1, None)
    assert "--anyway" in said

    assert run("promote", version, "--why", "a test", "--anyway")[0] == 0
    assert live_version(engine) == version


def test_a_report_against_an_older_release_is_out_of_date(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(weights, "_shipped_version", lambda: "six-conv-99999999")

    status, _, said = run("promote", keep(engine), "--why", "a test")

    assert (status, live_version(engine)) == (1, None)
    assert "out of date" in said


def test_rolling_back_says_what_is_live_again(engine: Engine, run: Run):
    first, second = promoted(engine, run), promoted(engine, run)

    _, said, _ = run("rollback", "--why", "sevens")
    assert said.startswith(f"{first} is live again, in place of {second}: ")

    _, said, _ = run("rollback")
    assert said.startswith(f"the shipped weights are live again, in place of {first}: ")

    assert run("rollback") == (
        1,
        "",
        "the shipped weights are live: nothing stands before them\n",
    )
    assert list_promotions(engine)[0].why == "no reason was given"


def test_a_rejected_version_is_not_promoted(engine: Engine, run: Run):
    version = keep(engine)
    assert run("reject", version, "--why", "sevens")[0] == 0

    status, _, said = run("promote", version, "--why", "a test", "--anyway")

    assert (status, live_version(engine)) == (1, None)
    assert "were rejected by" in said
    assert show_weights(engine, version).rejected_why == "sevens"


def test_both_files_are_exported(engine: Engine, run: Run, tmp_path: Path):
    version = keep(engine)

    status, said, _ = run("export", version, str(tmp_path / "mine.onnx"))

    stored = load_stored_weights(engine, version)
    assert status == 0
    assert f"WEIGHTS={tmp_path / 'mine.onnx'}" in said
    assert (tmp_path / "mine.onnx").read_bytes() == stored.graph
    assert (tmp_path / "mine.safetensors").read_bytes() == stored.tensors


@pytest.mark.parametrize("arguments", [["export", "FILE"], ["promote", "--why", "a test"]])
def test_damaged_weights_are_neither_exported_nor_promoted(
    engine: Engine, run: Run, tmp_path: Path, arguments: list[str]
):
    version = keep(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE weights SET graph = :other"), {"other": b"other"})
    words = [str(tmp_path / "mine") if word == "FILE" else word for word in arguments]

    status, _, said = run(words[0], version, *words[1:])

    assert (status, len(said.splitlines())) == (1, 1)
    assert "is damaged" in said
    assert list(tmp_path.glob("mine*")) == []
    assert live_version(engine) is None


@pytest.mark.parametrize("do", ["show", "promote", "reject", "export"])
def test_a_version_that_is_not_there_is_one_sentence(run: Run, tmp_path: Path, do: str):
    more = {"promote": ["--why", "a test"], "export": [str(tmp_path / "mine")]}

    status, _, said = run(do, "six-conv-nowhere", *more.get(do, []))

    assert (status, len(said.splitlines())) == (1, 1)
    assert "no weights six-conv-nowhere: `python -m feedback.weights list`" in said


def test_a_setting_that_stands_above_promotions_is_named(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WEIGHTS", "mine.onnx")

    _, _, said = run("promote", keep(engine), "--why", "a test")

    assert "WEIGHTS is set here (mine.onnx), and stands above promotions" in said


def test_what_the_registry_says_is_passed_on_and_stops_nothing(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "nonsense://nowhere")
    version = keep(engine)

    status, _, said = run("promote", version, "--why", "a test")

    assert (status, live_version(engine)) == (0, version)
    assert said.startswith("MLflow's registry was not told: ")
    assert len(said.splitlines()) == 1


def test_the_command_asks_for_the_version_that_is_shipped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()

    assert weights._shipped_version() == shipped_version()
