"""What one at a time may do: others are told who does it, until it is given back or lost."""

from __future__ import annotations

import threading
import time

from sqlalchemy import Engine

from feedback.candidates import give_lease, lease_holder, take_lease


def test_one_holds_a_lease_and_others_are_told_who(engine: Engine):
    assert take_lease(engine, "training", holder="one", lasts_s=60) is None

    assert take_lease(engine, "training", holder="two", lasts_s=60) == "one"
    assert lease_holder(engine, "training") == "one"


def test_leases_of_other_names_are_free(engine: Engine):
    take_lease(engine, "training", holder="one", lasts_s=60)

    assert take_lease(engine, "sweeping", holder="two", lasts_s=60) is None


def test_its_holder_renews_a_lease(engine: Engine):
    take_lease(engine, "training", holder="one", lasts_s=0.2)
    assert take_lease(engine, "training", holder="one", lasts_s=60) is None
    time.sleep(0.3)

    assert take_lease(engine, "training", holder="two", lasts_s=60) == "one"


def test_who_does_not_renew_a_lease_has_lost_it(engine: Engine):
    take_lease(engine, "training", holder="one", lasts_s=0.05)
    time.sleep(0.2)

    assert lease_holder(engine, "training") is None
    assert take_lease(engine, "training", holder="two", lasts_s=60) is None
    assert take_lease(engine, "training", holder="one", lasts_s=60) == "two"


def test_a_lease_is_given_back_by_its_holder_alone(engine: Engine):
    take_lease(engine, "training", holder="one", lasts_s=60)

    give_lease(engine, "training", holder="two")
    assert lease_holder(engine, "training") == "one"

    give_lease(engine, "training", holder="one")
    assert lease_holder(engine, "training") is None


def test_of_many_who_ask_at_once_one_gets_it(engine: Engine):
    told: list[str | None] = []
    together = threading.Barrier(4)

    def ask(holder: str) -> None:
        together.wait()
        told.append(take_lease(engine, "training", holder=holder, lasts_s=60))

    threads = [threading.Thread(target=ask, args=(f"{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told.count(None) == 1
    assert {one for one in told if one is not None} == {lease_holder(engine, "training")}
