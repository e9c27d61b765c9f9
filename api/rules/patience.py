"""Connections that wait for a request's head, of such a size, and for an answer to be taken."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 10.0  # from the connection, or a head's first byte, to its end
TAKEN_S = 120.0  # for what has been written to be taken
MOST_HEAD = 64 * 1024  # bytes, as far as they come in pieces
TOO_LARGE = b"a request's head has at most 64 KB"
REFUSED = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(TOO_LARGE), TOO_LARGE)
)


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, to clients that get to the point.

    Left to itself, it keeps every connection that says nothing and every answer that nobody takes,
    and collects heads without an end.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        """Take what uvicorn gives."""
        super().__init__(*args, **more)
        self._head_bytes = 0
        self._waiting: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Hand on what came, and look whether a head has come with it."""
        before, is_body = self.cycle, self._is_in_body
        super().data_received(data)
        if self.cycle is not before or is_body:
            self._head_bytes = 0
            self._stop_waiting()
            return
        self._head_bytes += len(data)
        if self._waiting is None:
            self._wait()
        if self._head_bytes > MOST_HEAD and not self.transport.is_closing():
            if not self._is_answering:
                self.transport.write(REFUSED)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self._stop_taking()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait until the client has taken what was written, or cut it off."""
        super().pause_writing()
        self._stop_taking()
        self._taking = self.loop.call_later(TAKEN_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Wait no longer: it has been taken."""
        self._stop_taking()
        super().resume_writing()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: HTTP goes on, and nobody is to install anything for it."""

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def _is_in_body(self) -> bool:
        return self._is_answering and self.cycle.more_body

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_S, self._late)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _stop_taking(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _late(self) -> None:
        self._waiting = None
        if self.transport.is_closing():
            return
        if self._is_answering:  # to an earlier request; what comes after it is read then
            self._wait()
        else:
            self.transport.close()
