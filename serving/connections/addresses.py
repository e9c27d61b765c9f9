"""Where a request comes from: the one address that every limit goes by."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

LOOPBACK = "127.0.0.1"
UNKNOWN = "unknown"
IPV6_NETWORK = 64  # bits: what one household or machine is given, and may choose freely within


def client_address(scope: Mapping[str, Any], trusted_proxies: int) -> str:
    """Return the address that a request comes from, as far as it can be believed.

    scope: of an ASGI connection. trusted_proxies: how many proxies of ours it passed; each of them
    appends the address that it saw to X-Forwarded-For, so that as many entries, from the right,
    are true. With none, the header is a stranger's word and is not looked at.
    """
    entries = _forwarded_for(scope["headers"])
    client = scope.get("client")
    peer = _address(client[0]) if client else None
    if peer is not None and peer in entries:
        # Uvicorn puts the header's word in the place of a connection from this machine. Which
        # client that was is lost, but not where it was.
        peer = LOOPBACK
    chain = [*entries, peer or UNKNOWN]
    known = chain[max(0, len(chain) - 1 - trusted_proxies) :]
    # What is no address ends the belief: the next proxy's own word stands.
    return next((one for one in known if one is not None), UNKNOWN)


def limited_as(address: str) -> str:
    """Return what a limit counts an address under: an IPv6 address stands for its /64."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    whole = ipaddress.IPv6Network((int(ip), IPV6_NETWORK), strict=False)
    return str(whole)


def _forwarded_for(headers: Sequence[tuple[bytes, bytes]]) -> list[str | None]:
    """Return the entries of X-Forwarded-For, the nearest proxy's last; None for what is none."""
    values = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    entries = [entry for value in values for entry in value.split(",")]
    return [_address(entry) for entry in entries]


def _address(text: str) -> str | None:
    """Return the address in `text`, without port and brackets; None where there is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # IPv4 with a port
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
