"""nginx before the app, set up as `deploy/nginx.conf` says, without TLS and on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from environment import ROOT

EXAMPLE = ROOT / "deploy" / "nginx.conf"
AROUND = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""


def nginx_program() -> str:
    """Return nginx's path; skip where there is none, which in CI is a failure."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        cure = "no nginx found: `apt install nginx-light` provides one"
        if os.environ.get("CI") == "true":
            pytest.fail(cure, pytrace=False)
        pytest.skip(cure)
    return program


def example(listen_port: int, app_port: int) -> str:
    """Return the example's text for two ports of this machine, each line changed by name."""
    changes = {
        "listen 443 ssl;": f"listen 127.0.0.1:{listen_port};",
        "server_name example.org;": "server_name localhost;",
        "ssl_certificate     /etc/ssl/example.org.pem;": "",
        "ssl_certificate_key /etc/ssl/example.org.key;": "",
        "proxy_pass http://127.0.0.1:8501;": f"proxy_pass http://127.0.0.1:{app_port};",
    }
    text = EXAMPLE.read_text()
    for there, here in changes.items():
        assert there in text, there
        text = text.replace(there, here)
    return text


@contextmanager
def nginx_before(app_port: int, folder: Path) -> Iterator[int]:
    """Run nginx as the example says before an app on this machine; yield the port it answers on."""
    program = nginx_program()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    user = "user root;" if os.getuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(AROUND.format(folder=folder, user=user, server=example(port, app_port)))
    with (folder / "stderr.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(settings), "-g", "daemon off;"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + 10
        while not answers(port):
            assert process.poll() is None, (folder / "stderr.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    """Tell whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
