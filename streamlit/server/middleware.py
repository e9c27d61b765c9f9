"""What every request passes before Streamlit or a route of ours sees it."""

from __future__ import annotations

from starlette.middleware import Middleware

from server.forged_messages import ForgedMessages
from server.upload_limit import UploadLimit


def middleware() -> list[Middleware]:
    """Return the middleware of our own, outermost first."""
    return [Middleware(UploadLimit), Middleware(ForgedMessages)]
