"""The routes that the dashboard's server answers itself, all below its base path."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from server.base_path import base_path
from server.health import healthz, readyz


def routes() -> list[BaseRoute]:
    """Return the routes of our own; Streamlit's own begin with other words."""
    base = base_path()
    # Whoever probes the process itself, past the proxy, need not know the base path.
    probed = [Route(f"{b}/{p.__name__}", p) for b in sorted({"", base}) for p in (healthz, readyz)]
    return [*probed]
