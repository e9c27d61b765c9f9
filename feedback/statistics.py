"""How often what visitors saw was right: everything that an edge needs to say and chart it."""

from feedback.queries.accuracy import (
    REFUSED,
    Digit,
    ReliabilityBin,
    Statistics,
    read_statistics,
    weights_versions,
    wilson_interval,
)
from feedback.queries.by_version import VersionCount, count_versions
from feedback.queries.counting import Day
from feedback.queries.glances import Glance, newest_readings
from feedback.queries.verdicts import Verdict, verdict_on

__all__ = [
    "REFUSED",
    "Day",
    "Digit",
    "Glance",
    "ReliabilityBin",
    "Statistics",
    "Verdict",
    "VersionCount",
    "count_versions",
    "newest_readings",
    "read_statistics",
    "verdict_on",
    "weights_versions",
    "wilson_interval",
]
