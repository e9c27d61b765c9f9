"""PgBouncer before the tests' PostgreSQL: a transaction pooler, as hosted databases have one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

CONFIGURATION = """
[databases]
{database} = host={host} port={port} dbname={database} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
"""


def pgbouncer_program() -> str:
    """Return PgBouncer's path; skip where there is none, which in CI is a failure."""
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if program is None:
        cure = "no PgBouncer found: `apt install pgbouncer` provides one"
        if os.environ.get("CI") == "true":
            pytest.fail(cure, pytrace=False)
        pytest.skip(cure)
    return program


@contextmanager
def pooler(url: URL, *settings: str, files: tuple[Path, ...] = ()) -> Iterator[URL]:
    """Give the address of a pooler before a database; settings: lines of its configuration.

    files: copied into the pooler's folder, which `{folder}` stands for in settings.
    """
    program = pgbouncer_program()
    with tempfile.TemporaryDirectory(prefix="inkling-pgb-") as name:
        folder, port = Path(name), _free_port()
        lines = CONFIGURATION.format(
            folder=folder,
            listen_port=port,
            host=url.host,
            port=url.port,
            database=url.database,
            user=url.username,
            password=url.password,
        )
        lines += "\n".join(settings).format(folder=folder)
        (folder / "users").write_text(f'"{url.username}" "{url.password}"\n')
        (folder / "pgbouncer.ini").write_text(lines)
        for file in files:
            shutil.copy(file, folder)
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PgBouncer refuses to run as root
            as_user = {"user": "nobody", "extra_groups": []}
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "nobody")
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(
                [program, folder / "pgbouncer.ini"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                **as_user,
            )
        try:
            _wait_for(port, process, folder / "log")
            yield url.set(host="127.0.0.1", port=port)
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace")
                raise RuntimeError(f"PgBouncer did not start:\n{said}") from None
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
