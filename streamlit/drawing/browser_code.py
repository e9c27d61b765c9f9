"""The page's own JavaScript and styles, as Streamlit's components take them: in one piece."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "browser"
_IMPORT = re.compile(r"^import .* from .*;\n", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*\n|^\s+", re.MULTILINE)  # and what is empty before a line
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def script(*names: str) -> str:
    """Return modules as one: each may use those before it; the last one has the default export.

    Streamlit loads a component's script from its text, from where it can import no other file. It
    sends that text along with each change of the component: comments stay here.
    """
    whole = "".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in names)
    return _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", whole)))


def styles(name: str) -> str:
    """Return the rules of one style sheet."""
    return (FOLDER / f"{name}.css").read_text(encoding="utf-8")
