"""What every request passes before Streamlit or a route of ours sees it."""

from __future__ import annotations

from starlette.middleware import Middleware

from server.checked_start import access_settings
from server.closed_metrics import ClosedMetrics
from server.real_client import RealClient
from server.upload_address import RealSession, session_names


def middleware() -> list[Middleware]:
    """Return the middleware of our own, outermost first."""
    settings = access_settings()
    stack = [
        Middleware(RealClient, trusted_proxies=settings.trusted_proxies),
        Middleware(RealSession, names=session_names()),
    ]
    if not settings.metrics:
        stack.append(Middleware(ClosedMetrics))
    return stack
