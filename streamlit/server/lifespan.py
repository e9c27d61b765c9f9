"""What happens once when the server starts, and once when it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit import runtime

from server.announcement import announced
from server.upload_address import session_names


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Run around the time in which the server answers."""
    session_names().hide_in(runtime.get_instance().uploaded_file_mgr)
    with announced():
        yield {}
