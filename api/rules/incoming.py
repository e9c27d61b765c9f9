"""A request's body as it comes in: so large, so fast, and to its end before the answer's."""

from __future__ import annotations

import asyncio
import time

from starlette.types import Message, Receive, Send

from api.rules.problems import Problem

MOST_BYTES = 5 * 1024 * 1024
TOO_LARGE = f"a request has at most {MOST_BYTES // 1024 // 1024} MB: send fewer or smaller pictures"
PIECE_S, WHOLE_S = 30.0, 120.0  # to wait for a piece of a body, and for all of it
TOO_SLOW = f"this request's body did not come within {WHOLE_S:.0f} s, or nothing for {PIECE_S:.0f}"
REST_BYTES, REST_S = 64 * 1024 * 1024, 5.0  # of what nobody reads any more
CLOSE = {"Connection": "close"}


class Incoming:
    """What is received of one request, counted and timed."""

    def __init__(self, receive: Receive) -> None:
        """receive: of ASGI."""
        self._receive = receive
        self._bytes = 0
        self._is_whole = False
        self._end_s = time.monotonic() + WHOLE_S

    async def receive(self) -> Message:
        """Return the next message; raises `Problem` 413 and 408."""
        if self._is_whole:  # what comes now is that the client has gone, whenever it does
            return await self._receive()
        wait_s = min(PIECE_S, self._end_s - time.monotonic())
        try:
            message = await self._next(wait_s)
        except TimeoutError as error:
            raise Problem(408, TOO_SLOW, headers=CLOSE) from error
        if self._bytes > MOST_BYTES:
            raise Problem(413, TOO_LARGE, headers=CLOSE)
        return message

    def after_all(self, send: Send) -> Send:
        """Return what sends an answer, and ends it when the request has ended.

        Whoever still sends would otherwise be cut off, and never read why it was refused.
        """

        async def sent(message: Message) -> None:
            is_last = message["type"] == "http.response.body" and not message.get("more_body")
            if is_last and not self._is_whole:
                await send({**message, "more_body": True})
                await self._drop_rest()
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        return sent

    async def _next(self, wait_s: float) -> Message:
        async with asyncio.timeout(wait_s):
            message = await self._receive()
        self._bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message

    async def _drop_rest(self) -> None:
        end_s = time.monotonic() + REST_S
        try:
            while not self._is_whole and self._bytes < REST_BYTES:
                await self._next(end_s - time.monotonic())
        except TimeoutError:
            return
