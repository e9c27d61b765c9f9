"""What happens once when the server starts, and once when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from environment import read_environment
from process import start
from server.log_lines import set_up


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Run around the time in which the server answers."""
    set_up(read_environment())
    start.begin()
    try:
        yield {}
    finally:
        await asyncio.to_thread(start.end)
