from __future__ import annotations

import contextlib
import os
import signal

import psutil
import pytest

from model.crossval import side_by_side
from model.crossval.fold import FoldOutcome, train_fold
from model.crossval.pool import Pool, make_pool
from model.crossval.side_by_side import train_side_by_side
from model.errors import FoldError
from tests.model.crossval.pools import QUICK, tasks, write_data


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    return make_pool(write_data(tmp_path_factory.mktemp("data")), QUICK, 2)


@pytest.fixture(scope="module")
def here(pool: Pool) -> list[FoldOutcome]:
    """The folds, trained one after the other in this process."""
    return [train_fold(pool, task) for task in tasks(2)]


def is_alike(one: FoldOutcome, other: FoldOutcome) -> bool:
    return (one.parts, one.card, one.files) == (other.parts, other.card, other.files)


def workers() -> list[psutil.Process]:
    """The processes that train."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def test_two_at_a_time_of_which_one_is_killed_give_the_figures_of_one_after_the_other(
    pool: Pool,
    here: list[FoldOutcome],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    killed: list[int] = []
    report = side_by_side._report

    def kill_one(*of: object) -> None:
        report(*of)  # type: ignore[arg-type]
        if not killed:
            killed.append(workers()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(side_by_side, "_report", kill_one)

    outcomes = sorted(train_side_by_side(pool, tasks(2), 2), key=lambda outcome: outcome.fold)

    said = capsys.readouterr()
    assert killed
    assert "its process ended (status -9); it starts anew" in said.err
    assert "fold 1/2  epoch 1/1" in said.out
    assert all(is_alike(*pair) for pair in zip(outcomes, here, strict=True))
    assert workers() == []


def test_a_fold_that_is_killed_again_and_again_is_a_sentence(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "TRIES", 1)
    monkeypatch.setattr(side_by_side, "_report", lambda *_: workers()[0].kill())

    with pytest.raises(FoldError, match=r"fold 1 was killed 1 times: .* fewer --workers"):
        list(train_side_by_side(pool, tasks(1), 1))


def test_a_fold_that_cannot_be_trained_is_a_sentence(pool: Pool) -> None:
    nowhere = tasks(2)[0].__class__(
        0, 2, QUICK.__class__(network="two-block", device="mps"), QUICK.recipe
    )

    with pytest.raises(FoldError, match=r"fold 1 could not be trained: .*--device mps"):
        list(train_side_by_side(pool, [nowhere], 1))


def test_whoever_stops_asking_leaves_no_process_behind(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(side_by_side, "_report", stop)

    with pytest.raises(KeyboardInterrupt):
        list(train_side_by_side(pool, tasks(2), 2))

    assert workers() == []
