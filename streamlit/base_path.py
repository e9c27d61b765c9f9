"""The path below which a proxy shows the dashboard."""

from __future__ import annotations

from streamlit import config


def base_path() -> str:
    """Return what stands before each path of the server: `` or `/inkling`, without an end slash."""
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
