"""What reads in this process: the live digits' weights, and what else is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from api.reading.micro_batches import Batches, Readings
from api.reading.preparing import effort_of, prepared
from api.reading.sent_drawings import Sent
from api.reading.strokes_on_canvas import as_quick_draw
from model import BadDrawing, Reader, Reading, Recogniser
from model.errors import WeightsError
from model.ink.images import open_image
from model.reading.recogniser import CHARACTERS
from serving.live.following import Following, Trouble
from serving.live.loading import follow_store, load_ready
from serving.live.once import Once


class Written(NamedTuple):
    """What drawings were read as by a reader of writing, and which weights those are."""

    answers: list[Reading | BadDrawing]
    version: str


class Readers:
    """The networks that read, each loaded when it is first needed; safe for threads."""

    def __init__(self, weights: Path | None, engine: Engine | None) -> None:
        """Load nothing yet.

        weights: a file that stands above what is live; None: what is live in the store of
        `engine`, or the shipped weights where there is no store.
        """
        self._recognisers: Once[Path | None, Recogniser] = Once(load_ready)
        self._weights = weights
        self._following: Following | None = None
        if weights is None and engine is not None:
            self._following = follow_store(engine, lambda: self._recognisers.get(None))
        self._characters: Once[str, Recogniser] = Once(Recogniser.load)
        self._writers: Once[str, Reader] = Once(Reader.load)
        self._batches: Once[str, Batches] = Once(lambda kind: Batches(self._source(kind)))
        self._pools: Once[str, ThreadPoolExecutor] = Once(lambda name: ThreadPoolExecutor(1, name))
        self.problem: str | None = None  # why there is nothing to read digits with

    def begin(self) -> None:
        """Load what reads digits, and follow what is live; raises nothing that is expected."""
        if self._following is not None:
            self._following.begin()
        try:
            self.digits()
        except WeightsError as error:
            self.problem = str(error)
        else:
            self.problem = None

    def digits(self) -> Recogniser:
        """Return what reads digits now; raises WeightsError."""
        if self._following is not None:
            return self._following.recogniser()
        return self._recognisers.get(self._weights)

    @property
    def are_loaded(self) -> bool:
        """Whether digits can be read at once."""
        if self._following is not None:
            return self._following.is_loaded
        return self._recognisers.has(self._weights)

    @property
    def trouble(self) -> Trouble | None:
        """Why what is to be live is not; None where all is well."""
        return None if self._following is None else self._following.trouble

    @property
    def stands_above(self) -> bool:
        """Whether WEIGHTS names what reads, whatever is live in the store."""
        return self._weights is not None

    async def read(self, kind: str, sent: Sequence[Sent]) -> Readings:
        """Return what drawings of single digits or characters are read as; raises WeightsError.

        kind: `digits` or `characters`.
        """
        batches = self._batches.get(kind)
        return await batches.read(lambda: prepared(sent), effort_of(sent))

    @property
    def batches_of_digits(self) -> Batches:
        """What reads digits that are prepared already."""
        return self._batches.get("digits")

    async def read_writing(self, alphabet: str, sent: Sequence[Sent]) -> Written:
        """Return what drawings of words and numbers are read as; raises WeightsError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._pools.get("read-writing"), self._read_writing, alphabet, sent
        )

    def end(self) -> None:
        """Follow and read no more; whoever asks all the same has it begun anew."""
        if self._following is not None:
            self._following.end()
        for batches in self._batches.forget():
            batches.end()
        for pool in self._pools.forget():
            pool.shutdown(wait=False, cancel_futures=True)

    def _source(self, kind: str) -> Callable[[], Recogniser]:
        return self.digits if kind == "digits" else lambda: self._characters.get(CHARACTERS)

    def _read_writing(self, alphabet: str, sent: Sequence[Sent]) -> Written:
        reader = self._writers.get(alphabet)
        versions = f"{reader.settings.strip_version} {reader.settings.path_version}"
        return Written([_attempt(reader, one) for one in sent], versions)


def _attempt(reader: Reader, one: Sent) -> Reading | BadDrawing:
    try:
        if one.strokes is None:
            return reader.read(open_image(one.content))
        return reader.read(strokes=as_quick_draw(one.strokes))
    except BadDrawing as refusal:
        return refusal
