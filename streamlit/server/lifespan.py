"""What happens once when the server starts, and once when it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from streamlit import runtime

from environment import read_environment
from guards.upload_address import session_names
from process import start
from server.announcement import announced
from server.log_lines import set_up

OPEN_PAGES_S = 2  # how long pages that do not hang up can hold up the end
CLOSE_S = 6.0  # for the store: its writer takes half of that where the database does not answer


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Run around the time in which the server answers.

    The store is opened at once, so that what an earlier server left in the spool is written
    before anybody comes. At the end, what waits is written or spooled, within seconds of SIGTERM.
    """
    _limit_the_end()
    set_up(read_environment())
    if runtime.exists():
        session_names().hide_in(runtime.get_instance().uploaded_file_mgr)
    start.begin()
    try:
        with announced():
            yield {}
    finally:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(start.end), CLOSE_S)


def _limit_the_end() -> None:
    """Keep a page that never hangs up from holding up the end of the server for ever.

    Uvicorn waits for every connection by default, and Streamlit does not pass its limit on.
    """
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if isinstance(server, uvicorn.Server) and server.config.timeout_graceful_shutdown is None:
        server.config.timeout_graceful_shutdown = OPEN_PAGES_S
