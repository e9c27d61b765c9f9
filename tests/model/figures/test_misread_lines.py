from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.figures.misread_lines import save_mistaken_lines, save_writing_reliability
from model.ink.pen_lines import to_lines
from tests.model.writing.plain_hand import write

ROW: dict[str, Any] = {
    "lines": 9,
    "calibration_error": 0.02,
    "reliability": [{"images": 9, "mean_confidence": 0.9, "accuracy": 0.8}],
}


@pytest.mark.parametrize("count", [0, 1, 6])
def test_mistakes_are_shown_however_many_there_are(tmp_path: Path, count: int) -> None:
    dot = [[[0], [0]]]
    mistakes = [(to_lines([*write("HAT"), *dot]), "HAT", "HAI\nT", 0.9)] * count

    save_mistaken_lines(tmp_path / "mistakes.png", mistakes)

    with Image.open(tmp_path / "mistakes.png") as picture:
        shown = np.asarray(picture.convert("L"))
    assert shown.std() > 5


@pytest.mark.parametrize("names", [(), ("printed",), ("printed", "composed", "rows")])
def test_reliability_is_shown_of_what_was_measured(tmp_path: Path, names: tuple[str, ...]) -> None:
    save_writing_reliability(tmp_path / "reliability.png", dict.fromkeys(names, ROW))

    with Image.open(tmp_path / "reliability.png") as picture:
        assert picture.width > 300
