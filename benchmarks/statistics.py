"""How long Statistics and History take over a million drawings: `python -m benchmarks.statistics`.

Runs on a PostgreSQL of its own (that of the tests), or on an empty database that it makes on the
server of TEST_DATABASE_URL and drops afterwards.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from uuid import UUID

from sqlalchemy import URL, Engine, create_engine, make_url, text

from environment import ROOT
from feedback.statistics import read_statistics
from feedback.store import Filters, count_drawings, list_drawings, migrate, open_engine
from tests.postgres import database_of, settings_of
from tests.postgres_server import PostgresServer

REPORT = ROOT / "results" / "statistics_benchmark.json"
ROWS = 1_000_000  # of about 1.3 kB each, over the year 2025, from 50,000 sessions
REPEATS = 5
TARGET_S = 2.0

SELECTIONS = {
    "no filter": Filters(),
    "one month": Filters(since=date(2025, 5, 1), until=date(2025, 5, 31)),
    "one source": Filters(source="canvas"),
    "one weights version": Filters(weights_version="two-block-00000002"),
    "half a year of one source and version": Filters(
        date(2025, 1, 1), date(2025, 6, 30), "canvas", "two-block-00000002"
    ),
    "one session": Filters(session_id=UUID("00000000-0000-4000-8000-000000000010")),
}

DRAWINGS = """
INSERT INTO drawings
SELECT
    gen_random_uuid(),
    ('00000000-0000-4000-8000-' || lpad(to_hex(n / 20), 12, '0'))::uuid,
    moment,
    moment + interval '3 s',
    (ARRAY['canvas', 'canvas', 'canvas', 'upload', 'api'])[1 + n % 5],
    'two-block-' || lpad(to_hex(n / 200000), 8, '0'),
    3,
    predicted,
    confidence,
    array_fill((1 - confidence) / 9, ARRAY[10]),
    decode('89504e470d0a1a0a' || repeat(md5(n::text), 20), 'hex'),
    :strokes,
    3.5,
    is_digit
FROM (
    SELECT
        n,
        random() < 0.95 AS is_digit,
        timestamptz '2025-01-01 00:00Z' + n * interval '31 s' AS moment,
        (random() * 9)::int AS predicted,
        1 - random() ^ 4 AS confidence
    FROM generate_series(1, :rows) AS n
) AS made
"""
ANSWERS = """
INSERT INTO answers
SELECT
    id,
    session_id,
    CASE
        WHEN random() < CASE WHEN is_digit THEN 0.01 ELSE 0.7 END THEN NULL
        WHEN random() < confidence THEN predicted
        ELSE (random() * 9)::int
    END,
    created_at + interval '5 s'
FROM drawings WHERE random() < 0.6
"""


def main() -> None:
    """Make the rows, time the reads, write the report."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        measure(make_url(named).set(drivername="postgresql+psycopg2"))
        return
    with closing(PostgresServer()) as server:
        server.start()
        measure(server.url())


def measure(server: URL) -> None:
    """Time the reads in a new database on this server; write and print the report."""
    with database_of(server) as url, store_of(url) as engine:
        started = time.perf_counter()
        fill(url)
        print(f"{ROWS:,} drawings made in {time.perf_counter() - started:.0f} s", flush=True)
        with engine.connect() as connection:
            version = connection.scalar(text("SHOW server_version"))
            answers, named = connection.execute(
                text("SELECT count(*), count(label) FROM answers")
            ).one()
        reads = {}
        for name, filters in SELECTIONS.items():
            reads[name] = time_reads(engine, filters)
            took = reads[name]["statistics_median_s"]
            print(f"{name}: {reads[name]['drawings']:,} drawings, {took:.2f} s", flush=True)
    report = {
        "rows": ROWS,
        "answers": answers,
        "answers_not_a_digit": answers - named,
        "postgresql": version,
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "repeats": REPEATS,
        "target_s": TARGET_S,
        "reads": reads,
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    slowest = max(read["statistics_slowest_s"] for read in reads.values())
    print(f"statistics: slowest {slowest:.2f} s (target {TARGET_S:.0f} s)")


@contextmanager
def store_of(url: URL) -> Iterator[Engine]:
    """Give the migrated store of an empty database."""
    engine = open_engine(settings_of(url))
    migrate(engine)
    yield engine
    engine.dispose()


def fill(url: URL) -> None:
    """Put the rows in, as a server has them after its housekeeping."""
    xs = [(7919 * step) % 256 for step in range(60)]
    ys = [(104729 * step) % 256 for step in range(60)]
    filler = create_engine(url, isolation_level="AUTOCOMMIT")
    with filler.connect() as connection:
        connection.execute(text(DRAWINGS), {"rows": ROWS, "strokes": json.dumps([[xs, ys]])})
        connection.execute(text(ANSWERS))
        connection.execute(text("VACUUM ANALYZE"))
    filler.dispose()


def time_reads(engine: Engine, filters: Filters) -> dict[str, float]:
    """Return how long both pages take for these filters, and over how many drawings."""
    counting = seconds(lambda: read_statistics(engine, filters))
    listing = seconds(lambda: list_drawings(engine, filters, limit=24))
    return {
        "drawings": count_drawings(engine, filters),
        "statistics_median_s": round(statistics.median(counting), 3),
        "statistics_slowest_s": round(max(counting), 3),
        "history_page_median_s": round(statistics.median(listing), 3),
    }


def seconds(read: Callable[[], object]) -> list[float]:
    """Return how long a read takes, a few times."""
    spent = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        read()
        spent.append(time.perf_counter() - started)
    return spent


if __name__ == "__main__":
    main()
