"""Command line: `python -m api` starts the HTTP service."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from environment import read_environment
from serving.connections.listening import listening_address, port_number, why_not

DEFAULT_PORT = 8001
DEFAULT_ADDRESS = "127.0.0.1"


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the options; API_PORT of the environment stands in for --port."""
    parser = argparse.ArgumentParser(
        prog="python -m api", description="Start Inkling's HTTP service."
    )
    parser.add_argument(
        "--port",
        type=port_number,
        default=read_environment().get("API_PORT", str(DEFAULT_PORT)),
        help=f"where to listen (default: API_PORT of the environment, or {DEFAULT_PORT})",
    )
    parser.add_argument(
        "--address",
        type=listening_address,
        default=DEFAULT_ADDRESS,
        help=f"which network to listen on (default: {DEFAULT_ADDRESS}, this machine only; "
        "0.0.0.0 for everyone who can reach it)",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the service until it is stopped; return the exit status."""
    options = parse_args(argv)
    problem = why_not(options.address, options.port)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    # Imported late: --help and a port in use answer at once.
    from api.running import serve

    return serve(options.address, options.port)


if __name__ == "__main__":
    sys.exit(main())
