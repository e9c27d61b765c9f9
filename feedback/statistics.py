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
from feedback.queries.writing_statistics import (
    Confusion,
    TextGroup,
    WritingStatistics,
    read_writing_statistics,
)
from feedback.queries.writing_verdicts import WritingVerdict, verdict_on_writing

__all__ = [
    "REFUSED",
    "Confusion",
    "Day",
    "Digit",
    "Glance",
    "ReliabilityBin",
    "Statistics",
    "TextGroup",
    "Verdict",
    "VersionCount",
    "WritingStatistics",
    "WritingVerdict",
    "count_versions",
    "newest_readings",
    "read_statistics",
    "read_writing_statistics",
    "verdict_on",
    "verdict_on_writing",
    "weights_versions",
    "wilson_interval",
]
