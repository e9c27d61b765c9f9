"""How trainings stand where there is no store: a small file each, beside the models they make."""

from __future__ import annotations

import json
import logging
import os
import threading
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from api.jobs.job import AlreadyTraining
from api.jobs.trainings_in_store import Wishes, already
from feedback.candidates import TRAINING_LASTS_S, TrainingRow, is_gone
from feedback.spool.locking import lock

log = logging.getLogger(__name__)

FOLDER = "trainings"  # in MODELS_DIR
LOCK = "lock"
MOST_FILES = 100  # trainings that are kept
MOMENTS = ("began_at", "heard_at", "ended_at", "cancel_asked_at")


class TrainingsInFolder:
    """Trainings of all processes of this machine that share a folder of models.

    The right to train is a lock on a file, which ends with its process. A folder that cannot be
    written to is told in the log, and the training goes on.
    """

    def __init__(self, models: Path) -> None:
        """models: as `environment.models_dir` says; nothing is made before the first training."""
        self._folder = models / FOLDER
        self._lock: IO[bytes] | None = None
        self._changing = threading.Lock()

    def begin(self, row: TrainingRow) -> None:
        """Take the lock, and keep that it began; raises AlreadyTraining."""
        with self._changing:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                file = (self._folder / LOCK).open("ab")  # for as long as it trains
            except OSError as error:
                log.warning("trainings are not kept in %s: %s", self._folder, error)
                return
            try:
                is_ours = lock(file)
            except OSError as error:  # a file system without locks
                file.close()
                log.warning("nothing in %s can be locked: %s", self._folder, error)
                return
            if not is_ours:
                file.close()
                raise self._refusal()
            self._lock = file
        self._make_room()
        self._write(row)

    def hear(self, row: TrainingRow) -> Wishes:
        """Keep how far it is; nobody takes its place."""
        self._write(row)
        return Wishes(None, self._wish(row.id).exists())

    def end(self, row: TrainingRow) -> None:
        """Keep what became of it, and let go of the lock."""
        self._write(row)
        with suppress(OSError):
            self._wish(row.id).unlink(missing_ok=True)
        with self._changing:
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def ask_to_cancel(self, training: UUID) -> None:
        """Leave the wish for whoever runs it; what does not run needs none."""
        row = self.find(training)
        if row is None or row.state != "running":
            return
        try:
            self._wish(training).touch()
        except OSError as error:
            log.warning("the wish to cancel %s is not kept: %s", training, error)

    def find(self, training: UUID) -> TrainingRow | None:
        """Return how it stands; None for one that nobody knows."""
        row = self._read(self._file(training))
        return None if row is None else _as_it_stands(row)

    def newest(self, limit: int) -> list[TrainingRow]:
        """Return how those stand that began last, the newest first."""
        rows = [row for row in map(self._read, self._files()) if row is not None]
        rows.sort(key=lambda row: row.began_at, reverse=True)
        return [_as_it_stands(row) for row in rows[:limit]]

    def _refusal(self) -> AlreadyTraining:
        for path in self._files():
            row = self._read(path)
            if row is not None and row.state == "running" and not is_gone(row.holder):
                return already(row.holder)
        return AlreadyTraining("a training is running already, of this machine", None)

    def _file(self, training: UUID) -> Path:
        return self._folder / f"{training}.json"

    def _wish(self, training: UUID) -> Path:
        return self._folder / f"{training}.cancel"

    def _files(self) -> list[Path]:
        """Return the files of trainings, the newest first."""
        return sorted(self._folder.glob("*.json"), key=_written_s, reverse=True)

    def _make_room(self) -> None:
        for path in self._files()[MOST_FILES - 1 :]:
            for old in (path, path.with_suffix(".cancel")):
                with suppress(OSError):
                    old.unlink(missing_ok=True)

    def _write(self, row: TrainingRow) -> None:
        """Write a row so that whoever reads it has the old one or the new one."""
        path = self._file(row.id)
        part = path.with_suffix(".part")
        try:
            part.write_text(json.dumps(asdict(row), default=_plain), encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            log.warning("how training %s stands is not kept: %s", row.id, error)

    def _read(self, path: Path) -> TrainingRow | None:
        try:
            told: dict[str, Any] = json.loads(path.read_text("utf-8"))
            for name in MOMENTS:
                told[name] = told[name] and datetime.fromisoformat(told[name])
            row = TrainingRow(**{**told, "id": UUID(told["id"]), "models": tuple(told["models"])})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("%s tells of no training: %s", path, error)
            return None
        if row.state == "running" and path.with_suffix(".cancel").exists():
            return replace(row, cancel_asked_at=row.heard_at)
        return row


def _as_it_stands(row: TrainingRow) -> TrainingRow:
    if row.state != "running":
        return row
    age_s = (datetime.now(UTC) - row.heard_at).total_seconds()
    return row.broken_off() if is_gone(row.holder) or age_s > TRAINING_LASTS_S else row


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _written_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
