"""The settings that the server starts with, or a sentence in place of a start."""

from __future__ import annotations

import sys
from functools import cache

from streamlit import config

from access.access_settings import AccessError, AccessSettings, read_access
from environment import read_environment


@cache
def access_settings() -> AccessSettings:
    """Return who may see what; end the program with a sentence where that would not be safe."""
    if config.is_manually_set("server.address") and not (
        str(config.get_option("server.address") or "").strip()
    ):
        sys.exit("server.address is empty, which would listen on every network: name one")
    try:
        return read_access(read_environment())
    except AccessError as error:
        sys.exit(f"Inkling does not start: {error}")
