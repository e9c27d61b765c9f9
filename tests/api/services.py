"""A service in the test's own process, over a store of its own; and what programs send to it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from starlette.testclient import TestClient

from api.application import create_app

TOKEN = "a-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OFF = {"EMBEDDED_STORE": "off"}
SEVEN = [[[40, 200, 110], [40, 40, 220]]]


@contextmanager
def service(*, is_on_loopback: bool = False, **settings: str) -> Iterator[TestClient]:
    """Give a client of a service with these settings; without a store unless they name one."""
    environ = {**OFF, **settings}
    app = create_app(environ, is_on_loopback=is_on_loopback)
    with TestClient(app, base_url="http://localhost:8001", raise_server_exceptions=False) as client:
        yield client


def drawn_seven() -> NDArray[np.uint8]:
    """Return a 7 as MNIST would have it, uint8 (28, 28), 0 = paper."""
    ink = np.zeros((28, 28), np.uint8)
    ink[6:9, 8:20] = 255
    for row in range(9, 23):
        column = 18 - (row - 9) // 2
        ink[row, column - 1 : column + 2] = 255
    return ink


def png(pixels: NDArray[np.uint8] | None = None) -> bytes:
    """Return a picture as a PNG file, a 7 if not given."""
    file = io.BytesIO()
    Image.fromarray(drawn_seven() if pixels is None else pixels).save(file, "PNG")
    return file.getvalue()


def in_base64(content: bytes) -> str:
    """Return a file's content as JSON carries it."""
    return base64.b64encode(content).decode()


def problem(response: Any, status: int) -> dict[str, Any]:
    """Return what a refusal says, after a look at its form."""
    said: dict[str, Any] = response.json()
    assert response.status_code == status, said
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= said.keys()
    assert said["status"] == status
    return said
