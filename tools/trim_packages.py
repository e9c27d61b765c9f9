"""Take away from installed packages what no dashboard loads; the image is built with it.

    python tools/trim_packages.py

Needs a Python and nothing else, and changes that Python's own packages: for an image, not for a
machine. Tests, headers, notebook extensions and Arrow's clients of other services go; a path that
a later version no longer has is passed over, since the image then is merely larger.
"""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path

UNUSED = (
    "**/tests",  # pandas' and SciPy's alone are 80 MB
    # Arrow's clients of servers; its other libraries are linked to one another
    *("pyarrow/include", "pyarrow/includes", "pyarrow/src"),
    *("pyarrow/*flight*", "pyarrow/*s3*"),
    # Jupyter's, which nobody opens here
    *("plotly/labextension", "plotly/package_data/widgetbundle.js", "pydeck/nbextension"),
    "fastapi_offline/static/redoc*",  # a second page of documentation, which is not served
    # what makes and shrinks networks, where this only runs one
    "onnxruntime/capi/libonnxruntime.so*",  # the same engine once more, for programs in C
    *("onnxruntime/transformers", "onnxruntime/quantization", "onnxruntime/tools"),
    "numpy/_core/include",
    *("**/*.pyi", "**/*.pyx", "**/*.pxd"),
)


def unused(folder: Path) -> Iterator[Path]:
    """Yield files and folders in `folder`, where packages are installed, that may go."""
    for pattern in UNUSED:
        yield from folder.glob(pattern)


def trim(folder: Path) -> None:
    """Remove what is unused below `folder`."""
    for path in list(unused(folder)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)  # one inside another is gone already
        else:
            path.unlink(missing_ok=True)


def folders() -> set[Path]:
    """Return where this Python's packages are; Debian keeps those of pip apart from its own."""
    scheme = sysconfig.get_paths()
    return {Path(scheme[name]) for name in ("purelib", "platlib")}


if __name__ == "__main__":
    for place in folders():
        trim(place)
