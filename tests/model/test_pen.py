from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from model.checkpoint import Card
from model.network import BASELINE, build_network
from model.pen import DRAWINGS_PER_FILE, score_pen_digits
from model.recogniser import Recogniser

ONE = [[[120, 125], [0, 255]]]
DOT = [[[5], [5]]]
CARD = Card(
    architecture=BASELINE,
    classes=tuple("0123456789"),
    mean=0.1307,
    std=0.3081,
    temperature=1.0,
    sure_threshold=0.0,
    training_data={"none": 0},
    seed=0,
    epochs=0,
    metrics={},
)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(build_network(BASELINE), CARD)


def write(data_dir: Path, name: str, drawings: list[tuple[str, Any]]) -> None:
    rows = [
        {"word": word, "writer": "w", "source": "s", "drawing": drawing}
        for word, drawing in drawings
    ]
    (data_dir / "pen").mkdir(exist_ok=True)
    (data_dir / "pen" / f"{name}.ndjson.gz").write_bytes(
        gzip.compress("\n".join(map(json.dumps, rows)).encode())
    )


def test_without_pen_digits_there_is_no_score(tmp_path: Path, recogniser: Recogniser) -> None:
    assert score_pen_digits(recogniser, tmp_path) is None

    write(tmp_path, "letters", [("q", ONE)])
    assert score_pen_digits(recogniser, tmp_path) is None


def test_a_drawing_that_is_refused_counts_as_wrong(tmp_path: Path, recogniser: Recogniser) -> None:
    write(tmp_path, "some", [("1", ONE), ("7", DOT), ("a", ONE)])

    score = score_pen_digits(recogniser, tmp_path)

    assert score
    assert score["images"] == 2
    assert score["not_read"] == 1
    assert score["accuracy"] == score["correct"] / 2
    assert score["sure"]["images"] == 1
    assert score["sure"]["share"] == 0.5


def test_only_refused_drawings_are_a_score_too(tmp_path: Path, recogniser: Recogniser) -> None:
    write(tmp_path, "dots", [("7", DOT)])

    score = score_pen_digits(recogniser, tmp_path)

    assert score
    assert (score["images"], score["accuracy"], score["not_read"]) == (1, 0, 1)


def test_the_choice_is_fixed_by_the_seed(tmp_path: Path, recogniser: Recogniser) -> None:
    write(tmp_path, "a", [("1", ONE)] * 5)
    write(tmp_path, "b", [("7", ONE)] * 3)

    once, again = (score_pen_digits(recogniser, tmp_path, seed=2) for _ in range(2))

    assert once == again
    assert once
    assert list(once["sources"]) == ["a", "b"]
    assert once["images"] == 8 < DRAWINGS_PER_FILE
