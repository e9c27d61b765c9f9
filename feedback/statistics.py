"""How often the readings were right: everything that an edge needs to chart it."""

from feedback.queries.accuracy import (
    Digit,
    ReliabilityBin,
    Statistics,
    read_statistics,
    weights_versions,
    wilson_interval,
)
from feedback.queries.counting import Day

__all__ = [
    "Day",
    "Digit",
    "ReliabilityBin",
    "Statistics",
    "read_statistics",
    "weights_versions",
    "wilson_interval",
]
