"""Start the dashboard: `python run_streamlit.py`, from any folder."""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import read_environment

APP = Path(__file__).resolve().parent / "streamlit" / "app.py"
DEFAULT_PORT = 8501
DEFAULT_ADDRESS = "127.0.0.1"


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the options; PORT of the environment stands in for --port."""
    parser = argparse.ArgumentParser(description="Start Inkling's dashboard in the browser.")
    parser.add_argument(
        "--port",
        type=_port,
        default=read_environment().get("PORT", str(DEFAULT_PORT)),
        help=f"where to listen (default: PORT of the environment, or {DEFAULT_PORT})",
    )
    parser.add_argument(
        "--address",
        type=_address,
        default=DEFAULT_ADDRESS,
        help=f"which network to listen on (default: {DEFAULT_ADDRESS}, this machine only; "
        "0.0.0.0 for everyone who can reach it)",
    )
    return parser.parse_args(argv)


def _port(text: str) -> int:
    # By its length first: Python refuses to make a number of thousands of digits.
    if not (len(text) <= 5 and text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text[:40]!r}")
    return int(text)


def _address(text: str) -> str:
    """Return an address to listen on; every network only where that is what was written."""
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
    """Return why the dashboard cannot listen there, in one sentence; None when it can."""
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the dashboard until it is stopped; return the exit status."""
    options = parse_args(argv)
    problem = why_not(options.address, options.port)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    # Imported late: --help and a port in use answer at once. The server prints its own address.
    from streamlit.web import cli

    arguments = ["run", str(APP), "--server.port", str(options.port)]
    arguments += ["--server.address", options.address]
    arguments += ["--logger.hideWelcomeMessage", "true"]  # it would say the same again
    cli.main(arguments, prog_name="streamlit", standalone_mode=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
