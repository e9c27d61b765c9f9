"""What `deploy/huggingface/` says of the Space: its Dockerfile and the settings in it."""

from __future__ import annotations

import re

from environment import ROOT

FOLDER = ROOT / "deploy" / "huggingface"
SPACE = (FOLDER / "Dockerfile").read_text()


def settings() -> dict[str, str]:
    """Return the environment that the Space's Dockerfile sets."""
    joined = SPACE.replace("\\\n", " ")
    pairs = re.findall(r"([A-Z_]+)=(\S+)", " ".join(re.findall(r"^ENV (.*)$", joined, re.M)))
    return dict(pairs)
