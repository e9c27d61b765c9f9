"""Start the dashboard: `python run_streamlit.py`, from any folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import read_environment
from serving.connections.listening import listening_address, port_number, why_not

APP = Path(__file__).resolve().parent / "streamlit" / "app.py"
DEFAULT_PORT = 8501
DEFAULT_ADDRESS = "127.0.0.1"


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the options; PORT of the environment stands in for --port."""
    parser = argparse.ArgumentParser(description="Start Inkling's dashboard in the browser.")
    parser.add_argument(
        "--port",
        type=port_number,
        default=read_environment().get("PORT", str(DEFAULT_PORT)),
        help=f"where to listen (default: PORT of the environment, or {DEFAULT_PORT})",
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
    """Run the dashboard until it is stopped; return the exit status."""
    options = parse_args(argv)
    problem = why_not(options.address, options.port)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    # Imported late: --help and a port in use answer at once. The server prints its own address.
    from click.exceptions import Abort
    from streamlit.web import cli

    arguments = ["run", str(APP), "--server.port", str(options.port)]
    arguments += ["--server.address", options.address]
    arguments += ["--logger.hideWelcomeMessage", "true"]  # it would say the same again
    try:
        cli.main(arguments, prog_name="streamlit", standalone_mode=False)
    except Abort:  # Ctrl-C, which is how it is stopped
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
