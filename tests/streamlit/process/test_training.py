"""A training as a process of its own: one at a time over all instances, watched, cancelled."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from feedback.candidates import lease_holder, take_lease
from process.training import LEASE, AlreadyTraining, Trainer, Training

SAYS = """
import os
print("fine-tuning six-conv-0 on 60 drawings", flush=True)
print("step 5 of 20", flush=True)
print("priority", os.getpriority(os.PRIO_PROCESS, 0), flush=True)
print("six-conv-1 is in the store, ready to be promoted", flush=True)
"""
WAITS = "import time; print('step 10 of 20', flush=True); time.sleep(60)"
FAILS = "import sys; sys.exit('--from-store: there are no answers yet')"


def trainer(engine: Engine, code: str) -> Trainer:
    return Trainer(engine, [sys.executable, "-c", code])


def wait_until(is_so: Callable[[], bool]) -> None:
    given_up_s = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < given_up_s
        time.sleep(0.02)


def ended(training: Training) -> Training:
    wait_until(lambda: training.ended_at is not None)
    return training


def test_a_training_is_heard_to_its_end(sqlite_engine):
    training = ended(trainer(sqlite_engine, SAYS).start("Ada"))

    assert (training.state, training.status, training.share) == ("done", 0, 1.0)
    assert training.last_line == "six-conv-1 is in the store, ready to be promoted"
    assert training.by == "Ada"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority instead")
def test_it_runs_at_low_priority(sqlite_engine):
    slow = "import time; time.sleep(0.5)\n" + SAYS

    training = ended(trainer(sqlite_engine, slow).start("Ada"))

    own = os.getpriority(os.PRIO_PROCESS, 0)
    line = next(line for line in training.lines if line.startswith("priority"))
    assert int(line.split()[1]) > own


def test_its_progress_follows_its_steps(sqlite_engine):
    one = trainer(sqlite_engine, WAITS)
    training = one.start("Ada")

    wait_until(lambda: training.share > 0)
    share = training.share
    one.cancel()

    assert share == pytest.approx(0.3)
    ended(training)


def test_a_cancelled_training_ends_and_says_so(sqlite_engine):
    one = trainer(sqlite_engine, WAITS)
    training = one.start("Ada")

    one.cancel()

    assert ended(training).state == "cancelled"
    assert training.status != 0


def test_a_training_that_fails_says_why(sqlite_engine):
    training = ended(trainer(sqlite_engine, FAILS).start("Ada"))

    assert training.state == "failed"
    assert training.last_line == "--from-store: there are no answers yet"


def test_a_second_one_here_is_refused_while_one_runs(sqlite_engine):
    one = trainer(sqlite_engine, WAITS)
    training = one.start("Ada")

    with pytest.raises(AlreadyTraining, match="here already"):
        one.start("Grace")
    one.cancel()

    ended(training)


def test_another_instance_is_refused_and_told_who_trains(engine):
    take_lease(engine, LEASE, holder="another machine, process 7", lasts_s=60)
    one = trainer(engine, WAITS)

    assert one.elsewhere() == "another machine, process 7"
    with pytest.raises(AlreadyTraining, match="by another machine, process 7"):
        one.start("Ada")
    assert one.latest is None


def test_the_next_may_begin_when_one_has_ended(engine):
    ended(trainer(engine, SAYS).start("Ada"))
    wait_until(lambda: lease_holder(engine, LEASE) is None)

    assert ended(trainer(engine, SAYS).start("Grace")).state == "done"


def test_it_is_renewed_for_as_long_as_it_runs(sqlite_engine, monkeypatch):
    monkeypatch.setattr("process.training.LEASE_S", 1.0)
    monkeypatch.setattr("process.training.RENEW_S", 0.2)
    one = trainer(sqlite_engine, WAITS)
    training = one.start("Ada")

    time.sleep(2.0)
    holder = lease_holder(sqlite_engine, LEASE)
    one.cancel()

    assert holder is not None
    ended(training)


def test_steps_are_passed_on(sqlite_engine):
    code = "import sys; print(sys.argv[1:])"

    training = ended(trainer(sqlite_engine, code).start("Ada", steps=12))

    assert training.last_line == "['--steps', '12']"
