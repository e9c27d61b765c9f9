"""Kept drawings as CSV, for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import islice

# A cell that begins like this is a formula to Excel, LibreOffice and Google Sheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(rows: Iterable[Mapping[str, object]], *, limit: int) -> bytes:
    """Return a header and the first `limit` rows as UTF-8; nothing but a header without rows.

    rows: all with the same keys. Text that a spreadsheet would run as a formula gets an
    apostrophe in front, which spreadsheets show as plain text.
    """
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding="utf-8", newline="")
    writer: csv.DictWriter[str] | None = None
    for row in islice(rows, limit):
        if writer is None:
            writer = csv.DictWriter(text, fieldnames=list(row))
            writer.writeheader()
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    text.flush()
    return content.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
