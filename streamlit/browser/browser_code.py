"""The page's own JavaScript, which browsers fetch once, and its styles."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from base_path import base_path

FOLDER = Path(__file__).parent
PATH = "/inkling"

# Streamlit sends a component's script along with each change of it: this much is sent, and the
# rest fetched. Run anew before it is there, the last run stands, as they keep their order.
LOADER = """
const loaded = import(new URL(%s, location.origin));
export default function (component) {
  let stop = null;
  let isOver = false;
  loaded.then((module) => { if (!isOver) stop = module.default(component); });
  return () => { isOver = true; if (stop) stop(); };
}
"""


def loader(name: str) -> str:
    """Return a component's script that runs one of our modules."""
    return LOADER % json.dumps(f"{base_path()}{PATH}/{digest()}/{name}.js")


@cache
def modules() -> dict[str, bytes]:
    """Return our modules by name; what a browser may fetch, and nothing else."""
    return {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.js"))}


@cache
def digest() -> str:
    """Return what changes whenever a module does: browsers keep them under it for good."""
    return hashlib.sha256(b"\\0".join(modules().values())).hexdigest()[:16]


def styles(name: str) -> str:
    """Return the rules of one style sheet."""
    return (FOLDER / f"{name}.css").read_text(encoding="utf-8")
