"""Kept drawings as CSV, for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

# A cell that begins like this is a formula to Excel, LibreOffice and Google Sheets. A full-width
# sign is one to them in some languages, and the real minus to LibreOffice.
FORMULA_STARTS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
BREAKS = "\t\r\n"  # begin a cell anew where a spreadsheet takes them for separators
TOLD_EVERY = 500  # rows


def to_csv(
    rows: Iterable[Mapping[str, object]],
    *,
    limit: int,
    made: Callable[[int], object] = lambda _: None,
) -> bytes:
    """Return a header and the first `limit` rows as UTF-8; nothing but a header without rows.

    rows: all with the same keys. made: called now and then with how many there are by now; what it
    raises ends the work. Text that a spreadsheet would run as a formula gets an
    apostrophe in front, which spreadsheets show as plain text.
    """
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding="utf-8", newline="")
    writer: csv.DictWriter[str] | None = None
    for count, row in enumerate(islice(rows, limit)):
        if count and count % TOLD_EVERY == 0:
            made(count)
        if writer is None:
            writer = csv.DictWriter(text, fieldnames=list(row))
            writer.writeheader()
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    text.flush()
    return content.getvalue()


def _harmless(value: object) -> object:
    if not isinstance(value, str):
        return value
    shown = _from_first_seen(value)
    is_formula = unicodedata.normalize("NFKC", shown[:1]).startswith(FORMULA_STARTS)
    has_break = any(sign in BREAKS for sign in value[: len(value) - len(shown)])
    return f"'{value}" if is_formula or has_break else value


def _from_first_seen(text: str) -> str:
    """Return the text from its first visible sign: spaces of all kinds and marks are skipped."""
    for place, sign in enumerate(text):
        if not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf"):
            return text[place:]
    return ""
