"""The names of those who hold a lease, and whether they are still there."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from feedback.candidates import holder_here, in_short, is_gone, job_of, lease_holder, take_lease

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/ns/pid").exists(), reason="this system does not tell when a process began"
)
SAYS = "from feedback.candidates import holder_here; print(holder_here()); input()"


@pytest.fixture
def other():
    """Another process, which has said its name."""
    process = subprocess.Popen(
        [sys.executable, "-c", SAYS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process, process.stdout.readline().strip()
    process.kill()
    process.communicate()


def test_a_holder_names_its_job_and_fits_its_column():
    job = uuid.uuid4()

    assert job_of(holder_here(job)) == job
    assert job_of(holder_here()) is None
    assert len(holder_here(job)) <= 200


def test_a_person_reads_host_and_process_alone():
    assert in_short("a host, process 7 of 99 on 0123456789ab, job x") == (
        "a host, process 7 of 99 on 0123456789ab, job x"
    )
    assert in_short("a host, process 7 of 99 on 0123456789ab") == "a host, process 7"


@needs_proc
def test_a_process_is_there_until_it_is_killed(other):
    process, name = other

    assert not is_gone(name)
    process.kill()
    process.wait()
    assert is_gone(name)


@needs_proc
def test_a_process_that_nobody_has_waited_for_is_gone(other):
    process, name = other
    process.kill()
    # It has ended, and is still in the table of processes.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert is_gone(name)


@needs_proc
def test_another_process_of_the_same_number_is_not_taken_for_it():
    name = holder_here()
    before = name.replace(" of ", " of 1")

    assert not is_gone(name)
    assert is_gone(before)


@needs_proc
def test_a_process_of_another_machine_of_the_same_name_is_in_doubt():
    host, _, _ = holder_here().partition(" of ")

    assert not is_gone(f"{host.rpartition(' ')[0]} 4194304 of 1 on 0123456789ab")
    assert not is_gone(f"{host.rpartition(' ')[0]} 4194304")


@needs_proc
def test_the_lease_of_a_process_that_was_killed_is_free_at_once(engine, other):
    process, name = other
    take_lease(engine, "training", holder=name, lasts_s=60)
    assert take_lease(engine, "training", holder="two", lasts_s=60) == name

    process.kill()
    process.wait()

    assert lease_holder(engine, "training") is None
    assert take_lease(engine, "training", holder="two", lasts_s=60) is None
