"""Where a server listens: what is written on the command line, and whether that can be had."""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket


def port_number(text: str) -> int:
    """Return the port that is written there, for argparse."""
    # By its length first: Python refuses to make a number of thousands of digits.
    if not (len(text) <= 5 and text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text[:40]!r}")
    return int(text)


def listening_address(text: str) -> str:
    """Return an address to listen on, for argparse; every network only where that is written."""
    text = text.strip()
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if not text:
        # The socket library takes an empty address for every network.
        raise argparse.ArgumentTypeError(
            "an address is needed, such as 127.0.0.1, or 0.0.0.0 for every network"
        )
    try:
        found = socket.getaddrinfo(text, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither an IP address nor a name that this machine knows"
        ) from None
    if any(ipaddress.ip_address(place[4][0]).is_unspecified for place in found):
        raise argparse.ArgumentTypeError(
            f"{text!r} would listen on every network: write 0.0.0.0 if that is meant"
        )
    return text


def why_not(address: str, port: int) -> str | None:
    """Return why a server cannot listen there, in one sentence; None when it can."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name != "nt":  # there the option means something else
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
        except PermissionError:
            return f"this user may not listen on port {port}: choose one above 1023 with --port"
        except OSError as error:
            if error.errno is not None and "in use" in (error.strerror or ""):
                return (
                    f"port {port} is in use, perhaps by another Inkling: stop that one, "
                    f"or choose another with --port {min(port + 1, 65535)}"
                )
            return f"cannot listen on {address} port {port}: {error.strerror or error}"
    return None
