"""The clients in README: run as they stand there, against a service as it is started."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from environment import ROOT
from tests.api.services import TOKEN, png

README = (ROOT / "README.md").read_text()
SECTION = README[README.index("## HTTP service") : README.index("## Configuration")]
MOST_LINES = 10


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a service over a store of its own."""
    folder = tmp_path_factory.mktemp("service")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    own = {"EMBEDDED_STORE": str(folder / "store.sqlite3"), "API_TOKEN": TOKEN}
    environ = {**os.environ, **own, "MODELS_DIR": str(folder)}
    command = [sys.executable, "-m", "api", "--port", str(number)]
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    end_s = time.monotonic() + 60
    while time.monotonic() < end_s:
        with closing(HTTPConnection("127.0.0.1", number, timeout=5)) as connection:
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.1)
    yield number
    process.terminate()
    assert process.wait(20) in (0, -signal.SIGTERM)


@pytest.fixture
def folder(tmp_path):
    """A folder with the picture that the clients send."""
    (tmp_path / "seven.png").write_bytes(png())
    return tmp_path


def client(language: str, port: int) -> str:
    """Return the last client in README in a language, for the service of this test."""
    block = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)[-1]
    assert len(block.splitlines()) <= MOST_LINES
    return block.replace("127.0.0.1:8001", f"127.0.0.1:{port}")


def test_the_python_client_prints_what_it_read(port, folder):
    said = subprocess.check_output(
        [sys.executable, "-c", client("python", port)], cwd=folder, text=True
    )

    assert said.split()[0] == "7"
    assert float(said.split()[1]) > 0.5
    assert said.split()[2] == "7"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_client_reads_keeps_and_asks(port, folder):
    lines = client("sh", port).splitlines()

    said = [
        subprocess.check_output(
            ["sh", "-c", f"{line} -s"],
            cwd=folder,
            text=True,
            env={**os.environ, "API_TOKEN": TOKEN},
        )
        for line in lines
    ]

    assert len(said) == 5
    assert '"prediction": "7"' in said[0]
    assert '"is_character"' in said[1]
    assert '"id": "' in said[2]
    assert '"version"' in said[3]
    assert said[4] == '{"detail":"Model not trained yet"}'
