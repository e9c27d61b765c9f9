"""Following what is live: changed at once, never torn, and never to what cannot be loaded."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from feedback.errors import StoreUnavailable
from model.errors import BadWeights
from serving.live.following import AGAIN_S, FRESH_S, Following


class World:
    """A store and its weights as `Following` sees them, with a clock to turn."""

    def __init__(self) -> None:
        self.live: str | None = None
        self.away = False
        self.damaged: set[str | None] = set()
        self.asked = self.loaded = 0
        self.now_s = 1000.0
        self.following = Following(self.ask, self.load, lambda: self.now_s)  # type: ignore[arg-type]

    def ask(self) -> str | None:
        self.asked += 1
        if self.away:
            raise StoreUnavailable("the server is away")
        return self.live

    def load(self, version: str | None) -> Any:
        self.loaded += 1
        if version in self.damaged:
            raise BadWeights(f"{version} is damaged")
        return SimpleNamespace(card=SimpleNamespace(version=version or "shipped"))

    def reads(self) -> str:
        version: str = self.following.recogniser().card.version
        return version

    def later(self, seconds: float = FRESH_S) -> None:
        self.now_s += seconds


@pytest.fixture
def world() -> World:
    return World()


def test_without_a_promotion_the_shipped_weights_read(world):
    assert world.reads() == "shipped"
    assert world.following.trouble is None


def test_what_is_live_reads_from_the_first_reading_on(world):
    world.live = "six-conv-1"

    assert world.reads() == "six-conv-1"
    assert world.loaded == 1  # the shipped weights are not loaded for nothing


def test_a_promotion_is_followed_and_a_roll_back_too(world):
    world.reads()
    world.live = "six-conv-1"
    world.following.look()
    assert world.reads() == "six-conv-1"

    world.live = None
    world.following.look()

    assert world.reads() == "shipped"


def test_who_comes_after_a_sleep_is_read_by_what_is_live_by_now(world):
    world.reads()
    world.live = "six-conv-1"
    assert world.reads() == "shipped"  # asked just before

    world.later()

    assert world.reads() == "six-conv-1"


def test_a_reading_that_has_begun_ends_with_what_it_began_with(world):
    held = world.following.recogniser()
    world.live = "six-conv-1"

    world.following.look()

    assert held.card.version == "shipped"
    assert world.reads() == "six-conv-1"


def test_weights_that_cannot_be_loaded_leave_the_old_ones_live_and_say_so(world):
    world.live = "six-conv-1"
    world.reads()
    world.live, world.damaged = "six-conv-2", {"six-conv-2"}

    world.following.look()

    assert world.reads() == "six-conv-1"
    assert world.following.trouble is not None
    assert world.following.trouble.version == "six-conv-2"
    assert "damaged" in world.following.trouble.words


def test_at_a_start_weights_that_cannot_be_loaded_leave_it_to_the_shipped_ones(world):
    world.live, world.damaged = "six-conv-2", {"six-conv-2"}

    assert world.reads() == "shipped"
    assert world.following.trouble is not None


def test_the_trouble_is_over_when_something_else_is_live(world):
    world.reads()
    world.live, world.damaged = "six-conv-2", {"six-conv-2"}
    world.following.look()

    world.live = None
    world.following.look()

    assert world.following.trouble is None


def test_what_cannot_be_loaded_is_tried_again_but_not_at_every_look(world):
    world.reads()
    world.live, world.damaged = "six-conv-2", {"six-conv-2"}
    world.following.look()
    tried = world.loaded

    world.following.look()
    assert world.loaded == tried
    world.later(AGAIN_S)
    world.damaged = set()
    world.following.look()

    assert world.reads() == "six-conv-2"


def test_a_store_that_is_away_changes_nothing_and_is_no_trouble_of_the_weights(world):
    world.live = "six-conv-1"
    world.reads()
    world.away, world.live = True, None

    world.later()

    assert world.reads() == "six-conv-1"
    assert world.following.trouble is None


def test_many_who_read_while_it_changes_get_one_or_the_other_whole(world):
    world.reads()
    seen: set[str] = set()

    def read_on() -> None:
        for _ in range(500):
            seen.add(world.reads())

    readers = [threading.Thread(target=read_on) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(50):
        world.live = f"six-conv-{number % 2}"
        world.following.look()
    for reader in readers:
        reader.join()

    assert seen <= {"shipped", "six-conv-0", "six-conv-1"}


def test_a_slow_store_holds_up_a_reading_for_a_moment_once(world, monkeypatch):
    monkeypatch.setattr("serving.live.following.WAIT_S", 0.05)
    answers = threading.Event()
    asked = []

    def slow() -> str | None:
        asked.append(1)
        answers.wait(10)
        return "six-conv-1"

    following = Following(slow, world.load, lambda: world.now_s)  # type: ignore[arg-type]

    first = following.recogniser().card.version
    second = following.recogniser().card.version
    answers.set()

    assert (first, second) == ("shipped", "shipped")
    assert len(asked) == 1
