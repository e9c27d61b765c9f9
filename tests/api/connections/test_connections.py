"""Clients that are slow, never come to an end, or still send when they are refused."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from api.rules import incoming, patience
from api.rules.allowances import Allowances
from api.rules.front_gate import Gate
from api.rules.incoming import Incoming
from api.rules.patience import PatientProtocol
from api.rules.problems import Problem, answer_problem
from api.rules.service_settings import ServiceSettings

LONG_S = 10.0  # a test's patience
LONG_ANSWER = 30_000_000 * "a"
SLOW_S = 0.8  # what /slow takes to answer


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Say how long a body is; refuse one at /refused unread."""
    if scope["path"] == "/long":
        await PlainTextResponse(LONG_ANSWER)(scope, receive, send)
        return
    if scope["path"] == "/refused":
        await PlainTextResponse("no", 401)(scope, receive, send)
        return
    try:
        length = len(await Request(scope, receive).body())
    except Problem as problem:
        await answer_problem(problem)(scope, receive, send)
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(SLOW_S)
    await PlainTextResponse(str(length))(scope, receive, send)


@pytest.fixture
def port(monkeypatch):
    """Where a server listens that has the service's gate, and little patience."""
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    monkeypatch.setattr(patience, "TAKEN_S", 1.0)
    monkeypatch.setattr(incoming, "PIECE_S", 0.4)
    monkeypatch.setattr(incoming, "REST_S", 0.4)
    gate = Gate(answer, ServiceSettings(rate=0), Allowances(0))
    config = uvicorn.Config(gate, http=PatientProtocol, ws="none", log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(LONG_S)


def connected(port):
    return closing(socket.create_connection(("127.0.0.1", port), LONG_S))


def to_the_end(client):
    """Return all that a server sends until it closes."""
    said = b""
    while piece := client.recv(65536):
        said += piece
    return said


def post(path, length, *more):
    lines = (f"POST {path} HTTP/1.1", "Host: here", f"Content-Length: {length}", *more, "", "")
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: h"], ids=["nothing", "half"])
def test_who_sends_no_whole_head_is_let_go(port, begun):
    with connected(port) as client:
        client.sendall(begun)

        assert to_the_end(client) == b""


def test_half_a_head_after_an_answer_is_let_go_too(port):
    with connected(port) as client:
        client.sendall(post("/", 0) + b"GET / HT")
        client.sendall(b"TP/1.1\r\nHost")

        assert to_the_end(client).count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("piece", [b"a" * 1000, b"X-A: a\r\n" * 125], ids=["address", "headers"])
def test_a_head_without_an_end_is_cut_off(port, piece):
    sent = 0
    with connected(port) as client, suppress(OSError):
        client.sendall(b"GET /" if b"\n" not in piece else b"GET / HTTP/1.1\r\n")
        while sent < 50_000_000:
            client.sendall(piece)
            sent += len(piece)

    assert sent < 50_000_000


def test_a_long_answer_outlasts_the_patience_with_heads(port):
    with connected(port) as client:
        client.sendall(post("/slow", 2, "Connection: close") + b"ab")
        client.sendall(b"\r\n")  # as old clients end a body

        assert to_the_end(client).endswith(b"\r\n\r\n2")


def test_an_answer_that_nobody_takes_is_not_kept_for_ever(port):
    with connected(port) as client, suppress(ConnectionResetError):
        client.sendall(post("/long", 0, "Connection: close"))
        time.sleep(2.0)

        assert len(to_the_end(client)) < len(LONG_ANSWER)


def test_a_long_answer_is_taken_whole(port):
    with connected(port) as client:
        client.sendall(post("/long", 0, "Connection: close"))

        assert to_the_end(client).endswith(LONG_ANSWER[-1000:].encode())


def test_a_body_comes_in_pieces_of_any_size(port):
    for pieces in ([bytes(900_000)], 9 * [bytes(100_000)], [bytes(10), bytes(899_990)]):
        with connected(port) as client:
            client.sendall(post("/", 900_000, "Connection: close"))
            for piece in pieces:
                client.sendall(piece)
                time.sleep(0.01)

            assert to_the_end(client).endswith(b"\r\n\r\n900000")


def test_one_connection_takes_one_request_after_the_other(port):
    with connected(port) as client:
        for length in (3, 200_000, 0, 70_000):
            client.sendall(post("/", length) + bytes(length))

            assert client.recv(65536).endswith(f"\r\n\r\n{length}".encode())


@pytest.mark.parametrize("other", ["websocket", "h2c"])
def test_who_asks_for_another_protocol_is_answered_in_this_one(port, caplog, other):
    with connected(port) as client:
        client.sendall(post("/", 0, "Connection: Upgrade", f"Upgrade: {other}"))

        assert client.recv(65536).endswith(b"\r\n\r\n0")
    assert "install" not in caplog.text


def test_a_body_that_stops_in_the_middle_is_408(port):
    with connected(port) as client:
        client.sendall(post("/", 100) + b"half")
        said = to_the_end(client)

    assert said.startswith(b"HTTP/1.1 408 ")
    assert "did not come within" in json.loads(said.partition(b"\r\n\r\n")[2])["detail"]


@pytest.mark.parametrize(
    ("path", "length", "status"), [("/refused", 4_000_000, b"401"), ("/", 20_000_000, b"413")]
)
def test_who_still_sends_when_refused_reads_why(port, path, length, status):
    with connected(port) as client:
        client.sendall(post(path, length, "Connection: close"))
        time.sleep(0.1)  # it has been answered by now
        for _ in range(length // 100_000):
            client.sendall(bytes(100_000))

        assert to_the_end(client).startswith(b"HTTP/1.1 " + status)


def test_who_asks_first_whether_to_send_is_refused_at_once(port):
    with connected(port) as client:
        client.sendall(post("/", 99_999_999, "Expect: 100-continue"))
        began_s = time.monotonic()
        said = to_the_end(client)

    assert said.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - began_s < incoming.REST_S


def test_who_promises_a_body_and_sends_none_is_not_waited_for_long(port):
    with connected(port) as client:
        client.sendall(post("/refused", 4_000_000))

        assert to_the_end(client).startswith(b"HTTP/1.1 401 ")


def test_what_nobody_reads_is_dropped_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(incoming, "REST_BYTES", 1000)
    received, sent = [], []

    async def receive():
        received.append(1)
        return {"type": "http.request", "body": bytes(100), "more_body": True}

    async def send(message):
        sent.append(message)

    answering = Incoming(receive).after_all(send)({"type": "http.response.body", "body": b"no"})
    with ThreadPoolExecutor(1) as apart:  # in this thread, a browser's tests may have a loop
        apart.submit(asyncio.run, answering).result(20)

    assert len(received) == 10
    assert [message["more_body"] for message in sent] == [True, False]
