"""The limit of what one visitor may send at a time, kept before anything is held in memory."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import Runtime

from base_path import base_path
from uploads.letting_go import return_large_blocks
from uploads.limits import MOST_NAMES, REFUSED, room_of

HEAD_BYTES = 8192  # of a body: more than a name and a type ever take


class UploadLimit:
    """Passes uploads on one after the other for each visitor, and of what is too much the name.

    A file for which there is no room arrives empty and with the type `REFUSED`: Streamlit checks
    whose it is as always, and the page can say which files were not taken.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}
        # Drawings stay off the disk, and a container without a writable folder takes them, too.
        MultiPartParser.spool_max_size = _largest_bytes()
        return_large_blocks()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or have the app answer, one request."""
        session = _session_of(scope)
        if session is None:
            await self._app(scope, receive, send)
            return
        lock, waiting = self._turns.get(session, (asyncio.Lock(), 0))
        self._turns[session] = (lock, waiting + 1)
        try:
            async with lock:
                await self._pass_on(session, scope, receive, send)
        finally:
            lock, waiting = self._turns[session]
            if waiting == 1:
                del self._turns[session]
            else:
                self._turns[session] = (lock, waiting - 1)

    async def _pass_on(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        manager: Any = Runtime.instance().uploaded_file_mgr
        records = list(manager.file_storage.get(session, {}).values())
        length = Headers(scope=scope).get("content-length", "")
        size = int(length) if length.isascii() and length.isdigit() else _largest_bytes()
        if size > _largest_bytes() or room_of(records).take(size):  # what is too large is refused
            await self._app(scope, receive, send)
        elif sum(record.type == REFUSED for record in records) >= MOST_NAMES:
            await PlainTextResponse("too many files", 413)(scope, receive, send)
        else:
            body = _without_content(await _head(receive))
            headers = [
                (name, value) for name, value in scope["headers"] if name != b"content-length"
            ]
            headers += [(b"content-length", str(len(body)).encode())]
            await self._app({**scope, "headers": headers}, _once(body), send)


def _session_of(scope: Scope) -> str | None:
    """Return the session that an upload is for; None for every other request."""
    if scope["type"] != "http" or scope["method"] != "PUT":
        return None
    path = re.escape(f"{base_path()}/_stcore/upload_file/") + r"([^/]+)/[^/]+"
    match = re.fullmatch(path, scope["path"])
    return match[1] if match else None


def _largest_bytes() -> int:
    """Return the bytes of the largest upload that Streamlit takes, with what is around a file."""
    return int(config.get_option("server.maxUploadSize")) * 1024 * 1024 + 64 * 1024


async def _head(receive: Receive) -> bytes:
    """Return the beginning of a body, and let the rest pass by."""
    head, passed = b"", 0
    while passed <= _largest_bytes():
        message = await receive()
        if message["type"] != "http.request":
            break
        body = message.get("body", b"")
        passed += len(body)
        head += body[: HEAD_BYTES - len(head)] if len(head) < HEAD_BYTES else b""
        if not message.get("more_body", False):
            break
    return head


def _without_content(head: bytes) -> bytes:
    """Return a form with the first part's name, the type `REFUSED` and nothing in it."""
    about, end, _ = head.partition(b"\r\n\r\n")
    if not end:
        return b""  # no form: Streamlit refuses it
    about = re.sub(rb"(?im)^content-type:[^\r\n]*\r?\n?", b"", about).rstrip(b"\r\n")
    boundary = about.partition(b"\r\n")[0]
    return about + b"\r\nContent-Type: " + REFUSED.encode() + end + b"\r\n" + boundary + b"--\r\n"


def _once(body: bytes) -> Receive:
    """Return what gives a whole body, and then the end of the connection."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
