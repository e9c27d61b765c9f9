"""Which Inkling this is."""

VERSION = "0.1.0"  # pyproject.toml's, which is not part of the container
