"""Starting the dashboard: options, and what a person reads when it cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from environment import ROOT
from run_streamlit import parse_args

SCRIPT = ROOT / "run_streamlit.py"


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=cwd)


def test_help_names_the_options_from_any_folder(tmp_path):
    result = run("--help", cwd=tmp_path)

    assert result.returncode == 0
    assert "--port" in result.stdout
    assert "8501" in result.stdout


def test_a_port_in_use_is_one_clear_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        result = run("--port", str(port))

    assert result.returncode == 1
    assert f"port {port} is in use" in result.stderr
    assert "--port" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "²", "9" * 5000])
def test_what_is_no_port_is_refused_with_the_range(port):
    result = run(f"--port={port}")

    assert result.returncode == 2
    assert "from 1 to 65535" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_port_of_the_environment_is_the_default(monkeypatch):
    monkeypatch.setenv("PORT", "8765")

    assert parse_args([]).port == 8765
    assert parse_args(["--port", "9000"]).port == 9000


def test_it_listens_on_this_machine_only_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)

    options = parse_args([])

    assert (options.address, options.port) == ("127.0.0.1", 8501)


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_address_is_refused_and_not_taken_for_every_network(address):
    result = run(f"--address={address}")

    assert result.returncode == 2
    assert "an address is needed, such as 127.0.0.1" in result.stderr


@pytest.mark.parametrize("address", ["0", "0x0"])
def test_an_odd_spelling_of_every_network_is_refused(address):
    result = run(f"--address={address}")

    assert result.returncode == 2
    assert "would listen on every network: write 0.0.0.0" in result.stderr


@pytest.mark.parametrize(
    "address", ["no-such-host.invalid", "1.2.3.4.5", "http://localhost", "x" * 300]
)
def test_an_unknown_address_is_refused(address):
    result = run(f"--address={address}")

    assert result.returncode == 2
    assert "is neither an IP address nor a name that this machine knows" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("written", "address"),
    [("[::1]", "::1"), ("::", "::"), ("0.0.0.0", "0.0.0.0"), (" 127.0.0.1 ", "127.0.0.1")],
)
def test_an_address_is_taken_as_it_is_meant(written, address):
    assert parse_args(["--address", written]).address == address


OPTIONS = {
    "server.maxUploadSize": 15,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "viewer",
    "runner.postScriptGC": False,
    "theme.base": None,
}
SHOW = """
import sys
from streamlit import config
config._main_script_path = sys.argv[1]  # as `streamlit run` does
for name in sys.argv[2:]:
    print(repr(config.get_option(name)))
"""


def test_the_options_hold_from_any_folder(tmp_path):
    app = str(ROOT / "streamlit" / "app.py")
    env = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}

    shown = subprocess.run(
        [sys.executable, "-c", SHOW, app, *OPTIONS],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.splitlines() == [repr(value) for value in OPTIONS.values()]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_what_is_stopped_by_ctrl_c_as_it_says_has_not_failed(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with open(log, "wb") as out:
        server = subprocess.Popen(
            [sys.executable, str(SCRIPT), "--port", str(port)],
            env=os.environ | {"EMBEDDED_STORE": "off"},
            stdout=out,
            stderr=out,
            # Whoever starts these tests in the background has the signal ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
    try:
        while server.poll() is None and "is up" not in log.read_text():
            time.sleep(0.05)
        server.send_signal(signal.SIGINT)

        status = server.wait(30)
    finally:
        server.kill()

    said = log.read_text()
    assert status == 0, said
    assert "Aborted" not in said
    assert "Traceback" not in said
