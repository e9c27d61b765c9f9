from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from model.crossval.plan import CrossValidation, check_scheduler
from model.errors import FoldError
from model.training.options import BadOption


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"folds": 1}, "--folds must be 2 to 20, not 1"),
        ({"folds": 21}, "--folds must be 2 to 20, not 21"),
        ({"workers": 0}, "--workers must be 1 or more, not 0"),
        ({"workers": 2, "scheduler": "tcp://127.0.0.1:9"}, "exclude each other"),
        ({"scheduler": "127.0.0.1:9"}, "--scheduler must be tcp://HOST:PORT, not 127.0.0.1:9"),
        ({"scheduler": "tcp://host"}, "must be tcp://HOST:PORT"),
        ({"scheduler": "tcp://host:99999"}, "must be tcp://HOST:PORT"),
    ],
)
def test_what_cannot_be_done_is_refused(how: dict[str, Any], words: str) -> None:
    with pytest.raises(BadOption, match=words):
        CrossValidation(**how)


@pytest.mark.parametrize("address", ["tcp://host:8786", "tls://10.0.0.2:1", "tcp://[::1]:65535"])
def test_addresses_of_schedulers_are_taken(address: str) -> None:
    assert CrossValidation(scheduler=address).scheduler == address


def test_a_scheduler_that_is_away_is_named_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    started = time.monotonic()

    with pytest.raises(FoldError, match=f"--scheduler {address}: no Dask scheduler answers there"):
        check_scheduler(address)

    assert time.monotonic() - started < 10
