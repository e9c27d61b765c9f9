"""What waits to be written: in turn, in hand, or set aside."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from feedback.records.rows import Word
from feedback.records.writing_rows import AnyDrawing
from store.receipt import Receipt, State

MOST_WAITING = 10_000  # drawings held while the database is away, 3 to 10 KB each
MOST_WORDS = 100  # on one of them


@dataclass(eq=False)
class Write:
    """A drawing, with all that its author has said of it meanwhile, on its way to the store."""

    drawing: AnyDrawing
    words: tuple[Word, ...]  # in the order in which they were said
    receipts: list[Receipt]
    tries: int = 0  # that failed although the store could be used
    is_spooled: bool = False
    since_s: float = field(default_factory=time.monotonic)

    def settle(self, state: State, problem: str = "") -> None:
        """Tell the outcome to everyone who waits for it."""
        for receipt in self.receipts:
            receipt.settle(state, problem)

    def take_over(self, newer: Write) -> None:
        """Become the newest of both: its reading, all words of both, everyone's receipts."""
        self.receipts += newer.receipts
        if newer.drawing.revision >= self.drawing.revision:
            self.drawing = newer.drawing
        known = {word.id for word in self.words}
        self.words += tuple(word for word in newer.words if word.id not in known)
        self.is_spooled = False


class Waiting:
    """Writes in the order in which they are made; those of one drawing become one, the newest.

    Not for several threads at once.
    """

    def __init__(self) -> None:
        """Begin with nothing that waits."""
        self._in_turn: OrderedDict[UUID, Write] = OrderedDict()
        self._aside: dict[UUID, Write] = {}
        self._in_hand: Write | None = None

    def __len__(self) -> int:
        """Return how many drawings are not in the store as their authors left them."""
        write = self._in_hand
        is_one_more = write is not None and write.drawing.id not in self._in_turn
        return len(self._in_turn) + len(self._aside) + is_one_more

    @property
    def has_turn(self) -> bool:
        """Whether a write can be taken in hand."""
        return bool(self._in_turn)

    @property
    def aside(self) -> list[Write]:
        """The writes that are set aside."""
        return list(self._aside.values())

    def all(self) -> list[Write]:
        """Return all writes that are not in the store, the oldest of a drawing first."""
        in_hand = [] if self._in_hand is None else [self._in_hand]
        return [*self._aside.values(), *in_hand, *self._in_turn.values()]

    def why_not(self, write: Write) -> str | None:
        """Return why one more write cannot wait; None if it can."""
        others = self._in_turn.get(write.drawing.id) or self._aside.get(write.drawing.id)
        if others is None and len(self) >= MOST_WAITING:
            return "too many drawings wait for the database already"
        if others is not None and len(others.words) + len(write.words) > MOST_WORDS:
            return "too much was said of this drawing already"
        return None

    def add(self, write: Write) -> None:
        """Let a new write wait for its turn; one that was set aside is tried again with it."""
        identity = write.drawing.id
        aside = self._aside.pop(identity, None)
        if aside is not None:
            aside.take_over(write)
            aside.tries = 0
            self._in_turn[identity] = aside
        elif identity in self._in_turn:
            self._in_turn[identity].take_over(write)
        else:
            self._in_turn[identity] = write

    def take(self) -> Write | None:
        """Take the next write in hand."""
        if self._in_turn:
            _, self._in_hand = self._in_turn.popitem(last=False)
        return self._in_hand

    def done(self) -> None:
        """Let go of the write in hand: it is in the store, or will never be."""
        self._in_hand = None

    def put_back(self, *, first: bool) -> None:
        """Let the write in hand wait for its turn again, before all others or behind them."""
        write = self._let_go()
        self._in_turn[write.drawing.id] = write
        if first:
            self._in_turn.move_to_end(write.drawing.id, last=False)

    def set_aside(self) -> None:
        """Keep the write in hand out of everybody's way."""
        write = self._let_go()
        self._aside[write.drawing.id] = write

    def recall(self) -> None:
        """Let what is set aside wait for its turn again."""
        self._in_turn.update(self._aside)
        self._aside.clear()

    def _let_go(self) -> Write:
        """Return the write in hand, one with what came for its drawing in the meantime."""
        write = self._in_hand
        assert write is not None
        self._in_hand = None
        newer = self._in_turn.pop(write.drawing.id, None)
        if newer is not None:
            write.take_over(newer)
        return write
