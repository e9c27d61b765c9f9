"""The address that a browser on this machine opens."""

from __future__ import annotations

import ipaddress

from streamlit import config

from base_path import base_path


def own_address() -> str:
    """Return the dashboard's address, base path included, without an end slash."""
    named = config.is_manually_set("browser.serverAddress")
    host = config.get_option("browser.serverAddress" if named else "server.address")
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    port = config.get_option("browser.serverPort")
    return f"{scheme}://{shown_host(host or '')}:{port}{base_path()}"


def is_open_to_others() -> bool:
    """Return whether other machines can reach the dashboard."""
    host = config.get_option("server.address") or "0.0.0.0"  # Streamlit's own default
    return shown_host(host) == "localhost" and host not in ("127.0.0.1", "localhost")


def shown_host(host: str) -> str:
    """Return a host as it stands in an address: IPv6 in brackets, every network as this machine."""
    try:
        ip = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host or "localhost"
    if ip.is_unspecified or str(ip) == "127.0.0.1":
        return "localhost"
    return f"[{ip}]" if ip.version == 6 else str(ip)
