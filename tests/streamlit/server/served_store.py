"""An embedded store to serve, the settings that lead to it, and a client of the operator's link."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import settings_of, sqlite_url

PASSWORD = "blue-black ink on laid paper"
SESSION = uuid.uuid4()  # of somebody else's drawing, which every store here holds


def a_store(folder: Path) -> Path:
    """Make an embedded store with one drawing of somebody else."""
    path = folder / "feedback.sqlite3"
    engine = open_engine(settings_of(sqlite_url(path)))
    migrate(engine)
    keep(engine, [(a_drawing(session_id=SESSION), 7)])
    engine.dispose()
    return path


def settings_for(path: Path, **more: str) -> dict[str, str]:
    return {"EMBEDDED_STORE": str(path), "OPERATOR_PASSWORD": "", "TRUSTED_PROXIES": ""} | more


def link_of(path: Path) -> str:
    """Return the link that a start has written beside its store, a moment after it answers."""
    place, given_up_s = Path(f"{path}.operator-link"), time.monotonic() + 20
    while not (place.exists() and place.read_text().endswith("\n")):
        assert time.monotonic() < given_up_s, f"no link in {place}"
        time.sleep(0.05)
    return place.read_text().strip()


def token_of(link: str) -> str:
    return link.partition("#token=")[2]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def post(url: str, **fields: str) -> tuple[int, dict[str, str]]:
    """Return status and headers of the answer to a form, redirects not followed."""
    data = urllib.parse.urlencode(fields).encode()
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(url, data, timeout=20) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers)
