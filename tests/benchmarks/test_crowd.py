from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.research import crowd
from model.finetuning.answered import AnsweredDrawing
from model.pen.drawings import PenDrawing

ONE = [[[50, 50], [10, 90]]]  # a stroke downwards


def digits() -> list[PenDrawing]:
    return [PenDrawing(str(n % 10), f"w{n % 7}", "syn", ONE) for n in range(1_400)]


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the tests what takes seconds: nobody looks at the ink."""

    def blank(drawings: Sequence[PenDrawing], seed: int) -> list[AnsweredDrawing]:
        ink = np.zeros((28, 28), np.uint8)
        return [AnsweredDrawing(ink, int(drawing.label)) for drawing in drawings]

    monkeypatch.setattr(crowd, "to_answers", blank)


@pytest.mark.parametrize("how", [crowd.AGREED, crowd.SCATTERED])
def test_a_hundred_made_up_visitors_are_wrong_ten_times_each_and_ten_are_right(how: str) -> None:
    answers = crowd.make_up(digits(), how)

    each = Counter(answered.visitor for answered in answers)
    assert Counter(each.values()) == {30: 10, 10: 100}
    made_up = [answered for answered in answers if answered.visitor.startswith("made up")]
    assert len(made_up) == 1_000


def test_those_who_agree_call_each_digit_by_the_next_ones_name() -> None:
    given = digits()

    agreed = crowd.make_up(given, crowd.AGREED)
    scattered = crowd.make_up(given, crowd.SCATTERED)

    shifts = [
        {(a.label - b.label) % 10 for a, b in zip(agreed, scattered, strict=True) if a.visitor == v}
        for v in ("honest 0", "made up 0")
    ]
    assert shifts[0] == {0}
    assert len(shifts[1]) > 1


def test_a_short_run_does_not_write_over_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        crowd.main(["--steps", "2"])

    assert ended.value.code == 2
    assert "--steps needs another place" in capsys.readouterr().err
