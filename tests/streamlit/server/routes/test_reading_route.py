"""The route that reads strokes while they are drawn: asked as a browser asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette

from drawing.visitors import AT_ONCE, VISITORS
from server.reading_route import MOST_BYTES
from server.routes import routes
from tests.browser.strokes import DIGITS, scaled
from tests.streamlit.server.routes.on_a_thread import on_a_thread

OWN = {"host": "ink.example", "origin": "https://ink.example", "content-type": "application/json"}


def digit(value: int) -> list[dict[str, Any]]:
    strokes = scaled(DIGITS[value], 280)
    return [{"x": [x for x, _ in s], "y": [y for _, y in s], "pen": 18} for s in strokes]


def ask(
    body: object, headers: dict[str, str] | None = None, path: str = "/reading"
) -> tuple[int, dict[str, Any]]:
    """Return status and answer; body: JSON, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return on_a_thread(_ask(content, OWN if headers is None else headers, path))


async def _ask(content: bytes, headers: dict[str, str], path: str) -> tuple[int, dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await Starlette(routes=routes())(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    kind = dict(sent[0]["headers"]).get(b"content-type", b"")
    return sent[0]["status"], json.loads(body) if kind == b"application/json" else {}


@pytest.fixture
def visitor() -> str:
    return VISITORS.welcome()


@pytest.fixture(autouse=True)
def _forget_the_network() -> Iterator[None]:
    yield
    st.cache_resource.clear()


def test_strokes_are_read_in_the_page_s_words(visitor):
    status, answer = ask({"visitor": visitor, "strokes": digit(3)})

    assert (status, answer["kind"], answer["label"]) == (200, "sure", "3")
    assert len(answer["bars"]) == 10


def test_a_stroke_that_has_only_begun_is_no_error(visitor):
    dot = [{"x": [140], "y": [140], "pen": 18}]

    status, answer = ask({"visitor": visitor, "strokes": dot})

    assert (status, answer["kind"]) == (200, "problem")
    assert "bars" not in answer


@pytest.mark.parametrize(
    "strokes",
    [None, "scribble", [{"x": [1], "y": [2]}], [{"x": [1], "y": [2], "pen": 18}] * 101],
)
def test_what_is_no_drawing_is_refused_with_the_reason(visitor, strokes):
    status, answer = ask({"visitor": visitor, "strokes": strokes})

    assert status == 422
    assert answer["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 5000])
def test_what_is_no_json_object_is_refused(body):
    assert ask(body)[0] == 422


def test_more_than_64_kb_are_not_read(visitor):
    body = json.dumps({"visitor": visitor, "strokes": digit(3), "more": "x" * MOST_BYTES})

    assert ask(body.encode())[0] == 413


@pytest.mark.parametrize(
    "headers",
    [
        {},
        OWN | {"origin": "https://elsewhere.example"},
        {name: value for name, value in OWN.items() if name != "origin"},
        OWN | {"sec-fetch-site": "cross-site"},
        OWN | {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_s_page_may_not_ask(visitor, headers):
    assert ask({"visitor": visitor, "strokes": digit(3)}, headers)[0] == 403


def test_what_a_form_can_send_is_not_taken(visitor):
    body = {"visitor": visitor, "strokes": digit(3)}

    assert ask(body, OWN | {"content-type": "text/plain"})[0] == 415


@pytest.mark.parametrize(
    "headers",
    [
        OWN | {"sec-fetch-site": "same-origin"},
        OWN | {"host": "127.0.0.1:8501", "x-forwarded-host": "ink.example"},
    ],
)
def test_the_page_may_ask_through_a_proxy(visitor, headers):
    assert ask({"visitor": visitor, "strokes": digit(3)}, headers)[0] == 200


@pytest.mark.parametrize("name", [None, 7, "", "somebody"])
def test_only_an_open_page_may_ask(name):
    assert ask({"visitor": name, "strokes": digit(3)})[0] == 403


def test_who_asks_too_often_is_told_so(visitor):
    for _ in range(int(AT_ONCE) + 5):
        VISITORS.may_ask(visitor)

    assert ask({"visitor": visitor, "strokes": digit(3)})[0] == 429


def test_without_a_network_the_route_says_why(visitor, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("WEIGHTS", str(tmp_path / "none.safetensors"))

    status, answer = ask({"visitor": visitor, "strokes": digit(3)})

    assert status == 503
    assert "no weights at" in answer["error"]


def test_the_route_lies_below_the_base_path(visitor, monkeypatch):
    monkeypatch.setattr("server.routes.base_path", lambda: "/inkling")

    assert ask({"visitor": visitor, "strokes": digit(3)}, path="/inkling/reading")[0] == 200
    assert ask({"visitor": visitor, "strokes": digit(3)}, path="/reading")[0] == 404
