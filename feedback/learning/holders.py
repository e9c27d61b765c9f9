"""Who holds a lease: a process under a name that tells later whether it is still there."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from uuid import UUID

HOLDER = re.compile(
    r"(?P<host>.*), process (?P<pid>\d+)"
    r"(?: of (?P<since>\d+) on (?P<machine>[0-9a-f]{12}))?(?:, job (?P<job>[0-9a-f-]{36}))?"
)
LONGEST_HOST = 80
STATE, SINCE = 0, 19  # places in /proc/PID/stat behind the process's name
ENDED = ("Z", "X", "x")


def holder_here(job: UUID | None = None) -> str:
    """Return the name that this process goes by, for one of its jobs if given.

    It has under 200 characters. Where the system tells it, the name says when the process began,
    and on which machine: another process of the same number is never taken for it.
    """
    name = f"{socket.gethostname()[:LONGEST_HOST]}, process {os.getpid()}"
    machine, told = _machine(), _told(os.getpid())
    if machine is not None and told is not None:
        name += f" of {told[SINCE]} on {machine}"
    return name if job is None else f"{name}, job {job}"


def job_of(holder: str) -> UUID | None:
    """Return the job that a holder's name says; None where it says none."""
    named = HOLDER.fullmatch(holder)
    if named is None or named["job"] is None:
        return None
    try:
        return UUID(named["job"])
    except ValueError:
        return None


def in_short(holder: str) -> str:
    """Return a holder's name as a person reads it."""
    named = HOLDER.fullmatch(holder)
    return holder if named is None else f"{named['host']}, process {named['pid']}"


def is_gone(holder: str) -> bool:
    """Return whether a holder was a process of this machine that has ended; False in doubt.

    Hosts of the same name are in doubt, and a container's processes are to all outside of it.
    """
    named = HOLDER.fullmatch(holder)
    if named is None or named["machine"] is None or named["machine"] != _machine():
        return False
    pid = int(named["pid"])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # somebody else's, whom we may not look at
        return False
    told = _told(pid)
    return told is not None and (told[STATE] in ENDED or told[SINCE] != named["since"])


def _machine() -> str | None:
    """Return a digest of this machine since its start, and of what numbers its processes."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            start = file.read().strip()
        processes = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return None
    return hashlib.sha256(f"{start} {processes}".encode()).hexdigest()[:12]


def _told(pid: int) -> list[str] | None:
    """Return what the system says of a process behind its name; None where it does not."""
    try:
        with open(f"/proc/{pid}/stat", errors="replace") as file:
            told = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return told if len(told) > SINCE else None
