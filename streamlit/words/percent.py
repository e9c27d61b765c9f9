"""Shares as people read them."""

from __future__ import annotations

SPACE = "\N{NO-BREAK SPACE}"


def percent(share: float, decimals: int = 1) -> str:
    """Return `97.1 %`; what is not quite all never reads 100 %, nor a little 0 %.

    share: 0 to 1.
    """
    smallest = 10.0**-decimals
    if 0 < share < 1:
        rounded = round(share * 100, decimals)
        if rounded >= 100:
            return f"over {100 - smallest:.{decimals}f}{SPACE}%"
        if rounded <= 0:
            return f"under {smallest:.{decimals}f}{SPACE}%"
    return f"{share * 100:.{decimals}f}{SPACE}%"


def percent_range(low: float, high: float) -> str:
    """Return `97.1 to 98.3 %`, with more decimals where an end would seem to be all or nothing.

    low, high: shares, 0 to 1.
    """
    inside = [share * 100 for share in (low, high) if 0 < share < 1]
    decimals = next((d for d in (1, 2, 3) if all(0 < round(share, d) < 100 for share in inside)), 4)
    return f"{low * 100:.{decimals}f} to {high * 100:.{decimals}f}{SPACE}%"
