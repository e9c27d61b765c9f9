"""A service as it is started, a process of its own on a free port, and what is asked of it."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import psutil

from environment import ROOT
from tests.api.services import TOKEN

START_S = 200.0


class Answer:
    """What a service answered: status, headers, body."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """headers: by name, lower case."""
        self.status_code, self.headers, self._body = status, headers, body

    def json(self) -> Any:
        """Return the body's JSON."""
        return json.loads(self._body)


class Client:
    """Asks a service on this machine, with a connection for each request."""

    def __init__(self, port: int) -> None:
        """port: where it listens."""
        self._port = port

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request, its body in JSON, and return the answer; raises OSError."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            content = None if body is None else json.dumps(body)
            kind = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, content, {**kind, **(headers or {})})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for something."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, json: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """Send something."""
        return self.ask("POST", path, json, headers)

    def delete(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Have something ended."""
        return self.ask("DELETE", path, headers=headers)


@contextmanager
def running(*command: str, **settings: str) -> Iterator[tuple[Client, psutil.Popen]]:
    """Give a client and the process of a service that is ready; it has ended afterwards.

    command: what is run in place of `-m api`, and takes `--port` as that does.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    own = {"API_TOKEN": TOKEN, "API_RATE": "0", "EMBEDDED_STORE": "off"}
    arguments = [sys.executable, *(command or ("-m", "api")), "--port", str(port)]
    process = psutil.Popen(arguments, cwd=ROOT, env={**os.environ, **own, **settings})
    client = Client(port)
    try:
        end_s = time.monotonic() + START_S
        while not _is_ready(client):
            assert process.poll() is None, "the service has ended"
            assert time.monotonic() < end_s, "the service did not start"
            time.sleep(0.1)
        yield client, process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(30)


def _is_ready(client: Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except OSError:
        return False
