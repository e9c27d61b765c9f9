"""How many rows are lost: `python -m benchmarks.losses`, some ten minutes on two cores.

Kills a PostgreSQL of its own twenty times while four threads write through a writer as the
dashboard's; stops and kills a server twenty times each while its store is away and answers wait,
on both stores; and kills a server that writes to an embedded store twenty times.
"""

from __future__ import annotations

import argparse
import json
import platform
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, select

from environment import ROOT
from feedback.migrate import migrate
from feedback.records.schema import answers, drawings
from feedback.spool.spool import Spool, store_name
from feedback.store import check_writable, open_engine, record_drawing, record_words
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import environ_of, settings_of, sqlite_url
from tests.postgres_server import PostgresServer
from tests.streamlit.server.server_process import ServerProcess

REPORT = ROOT / "results" / "losses_benchmark.json"
WRITES = 1000
WRITERS = 4
WAITING = 3  # answers at each stop
Away = Callable[[], AbstractContextManager[None]]


def kept_in(engine: Engine) -> tuple[Counter[str], Counter[str]]:
    """Return how often the store holds each drawing and each answer, by the drawing's id."""
    with engine.connect() as connection:
        rows = Counter(str(one) for one in connection.scalars(select(drawings.c.id)))
        said = Counter(str(one) for one in connection.scalars(select(answers.c.drawing_id)))
    return rows, said


def losses(engine: Engine, ids: Sequence[str]) -> dict[str, int]:
    """Return how many of these drawings or their answers are missing, and how many are double."""
    rows, said = kept_in(engine)
    lost = sum(not (rows[one] and said[one]) for one in ids)
    return {"answers": len(ids), "lost": lost, "doubled": sum(rows[one] > 1 for one in ids)}


def kills_of_the_database(server: PostgresServer, folder: Path, times: int) -> dict[str, Any]:
    """Kill and restart the server again and again while answers are written."""
    sys.path.insert(0, str(ROOT / "streamlit"))  # as `streamlit run` has it
    writer_of = __import__("store.writer", fromlist=["Writer"]).Writer
    engine = open_engine(settings_of(server.url()))
    writer = writer_of(
        check=partial(check_writable, engine),
        record_drawing=partial(record_drawing, engine),
        record_words=partial(record_words, engine),
        check_every_s=0.2,
        spool=Spool(folder / "spool", store_name(server.url())),
    )
    made = [a_drawing() for _ in range(WRITES)]
    ends = threading.Event()

    def answer(part: Sequence[Any]) -> None:
        for drawing in part:
            writer.keep(drawing, 3)
            ends.wait(times * 1.5 / (WRITES / WRITERS))

    threads = [threading.Thread(target=answer, args=(made[n::WRITERS],)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for _ in range(times):
        time.sleep(0.5)
        server.kill()
        time.sleep(0.5)
        server.start()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + 60
    while writer.waiting and time.monotonic() < deadline:
        time.sleep(0.05)
    writer.close()
    found = {"kills": times} | losses(engine, [str(drawing.id) for drawing in made])
    engine.dispose()
    return found


def _answers(server: ServerProcess) -> bool:
    return server.waiting()["problem"] is None


def ends_with_answers_waiting(
    url: URL, away: Away, folder: Path, times: int, number: int
) -> dict[str, Any]:
    """End a server again and again while its store is away; the last one may write it all."""
    settings = environ_of(url) | {"SPOOL_DIR": str(folder / "spool")}
    ids: list[str] = []
    took_s: list[float] = []
    for _ in range(times):
        with ServerProcess(folder, settings) as server:
            _wait(partial(_answers, server))
            with away():
                ids += server.answer(WAITING)["ids"]
                if number == signal.SIGKILL:
                    time.sleep(1.0)  # what is promised is what has waited for half a second
                took_s.append(server.end(number)[1])
    with ServerProcess(folder, settings) as server:
        _wait(lambda: not list((folder / "spool").glob("*.waiting")))
        server.end()
    engine = open_engine(settings_of(url))
    found = {"times": times} | losses(engine, ids) | {"longest_end_s": round(max(took_s), 1)}
    engine.dispose()
    return found


def kills_while_writing(url: URL, folder: Path, times: int) -> dict[str, Any]:
    """Kill a server again and again right after it said that answers were saved."""
    settings = environ_of(url) | {"SPOOL_DIR": str(folder / "spool")}
    saved: list[str] = []
    for _ in range(times):
        with ServerProcess(folder, settings) as server:
            said = server.answer(20)
            saved += [
                one
                for one, state in zip(said["ids"], said["states"], strict=True)
                if state == "saved"
            ]
            server.end(signal.SIGKILL)
    engine = open_engine(settings_of(url))
    migrate(engine)
    found = {"times": times} | losses(engine, saved)
    engine.dispose()
    return found


@contextmanager
def held(path: str) -> Iterator[None]:
    """Hold an embedded store as another program would, so that it is away."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@contextmanager
def killed(server: PostgresServer) -> Iterator[None]:
    """Let a PostgreSQL be away, as after a power cut."""
    server.kill()
    yield
    server.start()


def _wait(is_so: Callable[[], bool], limit_s: float = 60) -> None:
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("it took too long")
        time.sleep(0.05)


def measure(folder: Path, times: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each figure's name with what was found."""
    server = PostgresServer(durable=True)
    try:
        server.start()
        engine = open_engine(settings_of(server.url()))
        migrate(engine)
        engine.dispose()
        for name in ("kills", "terminated", "killed", "embedded"):
            (folder / name).mkdir()
        yield (
            "kills of PostgreSQL while answers are written",
            kills_of_the_database(server, folder / "kills", times),
        )
        away = partial(killed, server)
        for name, number in (("SIGTERM", signal.SIGTERM), ("SIGKILL", signal.SIGKILL)):
            place = folder / ("terminated" if name == "SIGTERM" else "killed")
            yield (
                f"{name} with answers waiting, PostgreSQL",
                ends_with_answers_waiting(server.url(), away, place, times, number),
            )
            url = sqlite_url(place / "feedback.sqlite3")
            yield (
                f"{name} with answers waiting, embedded",
                ends_with_answers_waiting(
                    url, partial(held, str(url.database)), place, times, number
                ),
            )
        yield (
            "SIGKILL after answers were saved, embedded",
            kills_while_writing(
                sqlite_url(folder / "embedded" / "feedback.sqlite3"), folder / "embedded", times
            ),
        )
    finally:
        server.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; return 1 where a row was lost or doubled."""
    parser = argparse.ArgumentParser(description="Count the rows that faults cost.")
    parser.add_argument("--times", type=int, default=20, help="of each fault (default: 20)")
    times: int = parser.parse_args(argv).times
    figures: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, found in measure(Path(folder), times):
            figures[name] = found
            print(f"{name}: {found}", flush=True)
    REPORT.write_text(
        json.dumps({"platform": platform.platform(), "figures": figures}, indent=2) + "\n"
    )
    return int(any(found["lost"] or found["doubled"] for found in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
