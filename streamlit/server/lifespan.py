"""What happens once when the server starts, and once when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from process import start


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Run around the time in which the server answers."""
    start.begin()
    try:
        yield {}
    finally:
        await asyncio.to_thread(start.end)
