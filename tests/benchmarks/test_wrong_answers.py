from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.research import wrong_answers
from benchmarks.research.learning_report import summarise
from benchmarks.research.planted import (
    BY_ONE,
    HONEST,
    IN_TEN,
    LIAR,
    OF_LIAR,
    format_found,
    found,
    plant,
    sum_up,
)
from benchmarks.research.unseen_site import Schedule
from model.believing.believe import believe
from model.figures.learning_curve import save_learning_curve
from model.finetuning.answered import AnsweredDrawing
from tests.model.believing.answers_of_visitors import an_answer, weights_that_read


def drawings(count: int, visitors: int = 12, first: int = 0) -> list[AnsweredDrawing]:
    made = [an_answer(first + n) for n in range(count)]
    return [
        AnsweredDrawing(answered.ink, answered.label, visitor=f"v{n % visitors}")
        for n, answered in enumerate(made)
    ]


def test_without_anything_planted_all_answers_are_as_they_were() -> None:
    planted = plant(drawings(50), drawings(OF_LIAR, first=500), HONEST, 0)

    assert planted.wrong == {}
    assert [answered.label for answered in planted.answers] == [n % 10 for n in range(50)]


def test_one_answer_in_ten_is_wrong_and_the_right_one_is_remembered() -> None:
    planted = plant(drawings(1000), [], IN_TEN, 0)

    assert 70 <= len(planted.wrong) <= 130
    for answered in planted.answers:
        truth = int(answered.drawing) % 10
        assert (answered.label != truth) == (answered.drawing in planted.wrong)
        assert planted.wrong.get(answered.drawing, truth) == truth


def test_one_more_visitor_gives_two_hundred_wrong_answers_and_no_right_one() -> None:
    planted = plant(drawings(300), drawings(OF_LIAR, first=500), BY_ONE, 0)

    liars = [answered for answered in planted.answers if answered.visitor == LIAR]
    assert len(planted.answers) == 300 + OF_LIAR
    assert {answered.drawing for answered in liars} == planted.wrong.keys()
    assert len(liars) == OF_LIAR


def test_mistakes_corrections_and_honest_answers_are_counted_apart() -> None:
    planted = plant(drawings(400), [], IN_TEN, 0)
    misread = next(a for a in planted.answers if a.drawing not in planted.wrong)
    truth = {answered.drawing: int(answered.drawing) % 10 for answered in planted.answers}
    truth[misread.drawing] = (misread.label + 1) % 10

    counts = found(
        believe(planted.answers, weights_that_read(truth), has_live_test=False), planted.wrong
    )

    assert counts["mistakes"] == counts["mistakes set aside"] == len(planted.wrong)
    assert (counts["corrections"], counts["corrections set aside"]) == (1, 1)
    assert (counts["honest"], counts["honest set aside"]) == (400 - len(planted.wrong), 1)
    table = format_found(sum_up([{"found": {IN_TEN: {"400": counts}}}] * 2))
    assert f"{2 * len(planted.wrong)} of {2 * len(planted.wrong)} planted mistakes" in table


def test_what_is_learnt_as_said_is_all_of_it_and_as_believed_has_weights() -> None:
    planted = plant(drawings(400), [], IN_TEN, 0)
    truth = {answered.drawing: int(answered.drawing) % 10 for answered in planted.answers}
    believed = believe(planted.answers, weights_that_read(truth), has_live_test=False)

    said = wrong_answers.as_said(planted.answers)
    learnt = wrong_answers.as_believed(believed)

    assert {drawing.weight for drawing in said} == {1.0}
    assert len(said) == len(learnt) == 400
    assert sum(drawing.weight < 1 for drawing in learnt) == len(planted.wrong)


def test_a_curve_has_panels_for_what_was_measured_alone(tmp_path: Path) -> None:
    part = {"others": [20, 1000, 0.1]}
    measured = {"site": "syn", "seed": 0, "before": part, "after": {"a way": {"300": part}}}
    report = {"sites": ["syn"], "seeds": [0], "answers": [300], **summarise([measured])}

    save_learning_curve(tmp_path / "a.png", report, title=wrong_answers.TITLE)

    with Image.open(tmp_path / "a.png") as picture:
        assert np.asarray(picture.convert("L")).min() < 128


def test_what_was_measured_is_measured_again_after_a_change() -> None:
    usual = wrong_answers.kept_path("syn", 0, Schedule(), (300,))

    assert usual == wrong_answers.kept_path("syn", 0, Schedule(), (300,))
    assert usual != wrong_answers.kept_path("syn", 0, replace(Schedule(), epochs=9), (300,))
    assert usual != wrong_answers.kept_path("syn", 0, Schedule(), (300, 1000))


def test_the_same_answers_are_learnt_once_and_others_anew() -> None:
    def path(drawings: list[AnsweredDrawing], seed: int = 0) -> Path:
        return wrong_answers.learnt_path("syn", seed, Schedule(), drawings)

    usual = drawings(3)
    lighter = [replace(usual[0], weight=0.1), *usual[1:]]
    otherwise = [replace(usual[0], label=9), *usual[1:]]

    assert path(usual) == path(drawings(3))
    others = {path(lighter), path(otherwise), path(usual[:2]), path(usual, seed=1)}
    assert len({path(usual), *others}) == 5


def test_a_quick_run_does_not_write_over_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        wrong_answers.main(["--quick"])

    assert ended.value.code == 2
    assert "--quick needs another place" in capsys.readouterr().err
