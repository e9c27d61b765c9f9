"""A search on this machine: what it finds, keeps, and goes on from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from model.errors import FoldError
from model.tuning import finished_candidates
from model.tuning.finished_candidates import Candidate, Unfinished
from model.tuning.grids import Grid, Request
from model.tuning.search import StoppedSearch, best_of, combinations, search
from tests.model.crossval.pools import few

GRID = Grid({"C": [0.01, 10], "gamma": [0.01, 5.0]}, n_jobs=1, cv=2)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unfinished:
    monkeypatch.setattr(finished_candidates, "UNFINISHED", tmp_path)
    return Unfinished(Request(), {})


def scans() -> tuple[np.ndarray, np.ndarray]:
    digits = few(240)
    pixels = digits.images.numpy().reshape(-1, 784).astype(np.float32) / np.float32(255)
    return pixels, digits.labels.numpy()


def without_times(candidates: list[Candidate]) -> list[Candidate]:
    return [dataclasses.replace(candidate, fit_s=0.0) for candidate in candidates]


def test_every_combination_is_tried_on_every_fold(kept: Unfinished) -> None:
    told: list[int] = []

    found = search("svm", GRID, *scans(), kept, seed=0, tell=told.append)

    assert [it.params for it in found] == combinations(GRID)
    assert all(len(it.scores) == 2 for it in found)
    assert told[0] == 0
    assert told[-1] == 8
    assert told == sorted(told)
    assert best_of(found).params == {"C": 10, "gamma": 0.01}


def test_several_at_a_time_find_the_same_scores(kept: Unfinished) -> None:
    alone = search("svm", GRID, *scans(), kept, seed=0)
    kept.clear()

    beside = search("svm", dataclasses.replace(GRID, n_jobs=2), *scans(), kept, seed=0)

    assert without_times(alone) == without_times(beside)


def test_a_stopped_search_keeps_what_is_finished_and_goes_on_from_there(kept: Unfinished) -> None:
    answers = iter([False, False, True])
    with pytest.raises(StoppedSearch):
        search("svm", GRID, *scans(), kept, seed=0, should_stop=lambda: next(answers))
    told: list[int] = []

    found = search("svm", GRID, *scans(), kept, seed=0, tell=told.append)

    assert told[0] == 4  # two of four candidates, two folds each
    assert len(found) == 4


def test_a_candidate_whose_file_is_damaged_is_tried_again(kept: Unfinished) -> None:
    first = search("svm", GRID, *scans(), kept, seed=0)
    for path in kept.folder.iterdir():
        path.write_text("{")

    again = search("svm", GRID, *scans(), kept, seed=0)

    assert without_times(first) == without_times(again)


def test_a_candidate_that_cannot_be_trained_is_a_sentence(kept: Unfinished) -> None:
    pixels, labels = scans()
    pixels[0, 0] = np.nan

    with pytest.raises(FoldError, match="svm could not be trained: "):
        search("svm", GRID, pixels, labels, kept, seed=0)
