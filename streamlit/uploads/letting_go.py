"""Letting go of what has been read: Streamlit would keep it as long as the visit lasts."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

MMAP_THRESHOLD = -3  # of mallopt
LARGE_BYTES = 1_000_000


def let_go(file: UploadedFile, key: str) -> None:
    """Forget a file's bytes wherever they are; its name and its place in the widget stay.

    key: of the widget, whose value has a copy of its own.
    """
    context: Any = get_script_run_ctx()
    # Replaced, not removed: a widget drops a file of which there is no record.
    record = UploadedFileRec(file.file_id, file.name, file.type, b"")
    context.uploaded_file_mgr.add_file(context.session_id, record)
    for copy in (file, *(st.session_state.get(key) or [])):
        if copy.file_id == file.file_id:
            copy.seek(0)
            copy.truncate()


def forget(file_ids: Iterable[str]) -> None:
    """Drop files of this visit altogether, so that they count no more."""
    context: Any = get_script_run_ctx()
    for file_id in file_ids:
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)


def return_large_blocks() -> None:
    """Have large blocks of memory go back to the system as soon as they are free, from now on.

    The C library would learn from the first picture to keep blocks of its size for the next one,
    between small ones that stay. Only glibc has this switch; elsewhere nothing happens.
    """
    if (mallopt := _c_function("mallopt")) is not None:
        mallopt(MMAP_THRESHOLD, LARGE_BYTES)


def return_free_memory() -> None:
    """Give the system back what is free, as far as the C library can; it takes milliseconds."""
    if (malloc_trim := _c_function("malloc_trim")) is not None:
        malloc_trim(0)


@cache
def _c_function(name: str) -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    function: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return function
