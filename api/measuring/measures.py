"""Counters and gauges of one service; no label takes a value that a stranger could choose."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from feedback.statistics import Verdict, WritingVerdict
from model import BadDrawing, Prediction, Reading

CONTENT_TYPE = CONTENT_TYPE_LATEST
READERS = ("digits", "characters", "writing")
OUTCOMES = ("sure", "not sure", "refused", "several", "not read")
REFUSED = ("refused", "several")
CONFIDENCES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
JOB_STATES = ("idle", "running", "done", "failed", "cancelled")


class Measures:
    """The numbers of one process; safe for threads."""

    def __init__(self) -> None:
        """Begin with nothing counted, every series at 0."""
        self._registry = CollectorRegistry()
        self._readings = Counter(
            "inkling_readings", "Drawings that were read.", ["reader", "outcome"],
            registry=self._registry,
        )  # fmt: skip
        self._confidence = Histogram(
            "inkling_confidence", "Confidence of what was read, 0 to 1.", ["reader"],
            buckets=CONFIDENCES, registry=self._registry,
        )  # fmt: skip
        self._share_refused = Gauge(
            "inkling_share_refused", "Share of the drawings read that were refused, 0 to 1.",
            ["reader"], registry=self._registry,
        )  # fmt: skip
        self._answers = Counter(
            "inkling_answers", "Answers given here, by what they make of the reading.",
            ["reader", "verdict"], registry=self._registry,
        )  # fmt: skip
        self._job = Gauge(
            "inkling_job_state", "1 for the state of the latest training.", ["state"],
            registry=self._registry,
        )  # fmt: skip
        self._weights = Info("inkling_weights", "What reads digits now.", registry=self._registry)
        self._refused = dict.fromkeys(READERS, 0)
        self._read = dict.fromkeys(READERS, 0)
        # Looked up once: by labels it takes longer than counting does.
        self._of_outcome = {
            (reader, outcome): self._readings.labels(reader, outcome)
            for reader in READERS
            for outcome in OUTCOMES
        }
        self._of_confidence = {reader: self._confidence.labels(reader) for reader in READERS}
        for reader in READERS:
            self._share_refused.labels(reader).set(0)
        for reader in READERS:
            for verdict in Verdict if reader == "digits" else WritingVerdict:
                self._answers.labels(reader, str(verdict))
        self.job("idle")

    def readings(self, reader: str, answers: Iterable[Prediction | Reading | BadDrawing]) -> None:
        """Count what drawings were read as; reader: one of READERS."""
        for answer in answers:
            outcome = outcome_of(answer)
            self._of_outcome[reader, outcome].inc()
            if isinstance(answer, BadDrawing):
                continue
            self._of_confidence[reader].observe(answer.confidence)
            self._read[reader] += 1
            self._refused[reader] += outcome in REFUSED

    def answer(self, reader: str, verdict: str | None) -> None:
        """Count an answer by what became of its drawing; None: it was taken back."""
        if verdict is not None:
            self._answers.labels(reader, verdict).inc()

    def job(self, state: str) -> None:
        """Say in what state the latest training is; one of JOB_STATES."""
        for one in JOB_STATES:
            self._job.labels(one).set(one == state)

    def page(self, version: str | None) -> bytes:
        """Return all of it as Prometheus reads it; version: of what reads digits now."""
        self._weights.info({"version": version or "none"})
        for reader in READERS:
            if self._read[reader]:
                share = self._refused[reader] / self._read[reader]
                self._share_refused.labels(reader).set(share)
        return generate_latest(self._registry)


def outcome_of(answer: Prediction | Reading | BadDrawing) -> str:
    """Return which of OUTCOMES a reading is."""
    if isinstance(answer, BadDrawing):
        return "not read"
    if isinstance(answer, Prediction):
        if answer.several is not None:
            return "several"
        is_accepted = answer.is_digit
    else:
        is_accepted = answer.is_writing
    if not is_accepted:
        return "refused"
    return "sure" if answer.sure else "not sure"
