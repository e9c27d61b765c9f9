from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from model.errors import BadWeights
from model.writing.scoring import Scoring, Settings, read_settings, write_settings

SCORING = Scoring(
    strip=0.6, path=0.7, prior=0.5, bonus=2.0, temperature=1.5, sure_threshold=0.9, refusal=-3.0
)
SETTINGS = Settings(
    strip_version="strip-1", path_version="path-1", strokes=SCORING, pictures=SCORING,
    strip_lag=0.1, path_lag=0.2, metrics={"strokes/printed/exact": 0.8},
)  # fmt: skip


def changed(**values: Any) -> str:
    return json.dumps(asdict(SETTINGS) | values)


def without(name: str) -> str:
    return json.dumps({key: value for key, value in asdict(SETTINGS).items() if key != name})


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_settings(tmp_path / "writing.json", SETTINGS)

    assert read_settings(tmp_path / "writing.json") == SETTINGS


def test_the_same_settings_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_settings(tmp_path / name, SETTINGS)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no JSON",
        "[]",
        "3",
        changed(strokes=3),
        changed(strokes={}),
        changed(strokes=asdict(SCORING) | {"strip": "much"}),
        changed(strokes=asdict(SCORING) | {"more": 1.0}),
        changed(strokes=asdict(SCORING) | {"bonus": float("nan")}),
        changed(pictures=asdict(SCORING) | {"temperature": 0.0}),
        changed(path_lag=None),
        changed(strip_lag=float("inf")),
        *map(without, ("strip_version", "pictures", "strip_lag", "metrics")),
    ],
)
def test_damaged_settings_are_refused_with_the_file_and_the_way_out(
    content: str, tmp_path: Path
) -> None:
    path = tmp_path / "writing.json"
    path.write_text(content)

    with pytest.raises(BadWeights, match=r"writing\.json does not say how .*--dataset writing"):
        read_settings(path)


def test_missing_settings_are_refused_the_same_way(tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match=r"writing\.json does not say how"):
        read_settings(tmp_path / "writing.json")
