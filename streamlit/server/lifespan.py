"""What happens once when the server starts, and once when it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from server.announcement import announced


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Run around the time in which the server answers."""
    with announced():
        yield {}
