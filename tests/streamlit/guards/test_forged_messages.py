"""What a stranger sends in place of a browser: no traceback, one line of the log, one sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL
from streamlit.proto.ClientState_pb2 import ContextInfo
from streamlit.proto.Common_pb2 import FileUploaderState, SInt64Array, StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.uploads import MOST_LEFT_MB, measure
from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from tests.browser.dashboard import Dashboard
from tests.feedback.sample_drawings import keep, random_drawings
from tests.postgres import settings_of
from tests.streamlit.stranger import Stranger, files_state

# Of every type that a widget's value can have on its way, at least one.
FORGED: list[dict[str, Any]] = [
    {"trigger_value": True},
    {"bool_value": True},
    {"double_value": float("nan")},
    {"int_value": -(2**53)},
    {"string_value": "\x00<b>'; DROP TABLE drawings"},
    {"string_value": "x" * 100_000},
    {"string_array_value": StringArray(data=["nothing", "known"])},
    {"string_array_value": StringArray(data=["9999-12-31T23:59"])},
    {"string_array_value": StringArray(data=["9999-12-31"])},
    {"string_array_value": StringArray(data=["0001-01-01"])},
    {"string_array_value": StringArray(data=["10000-99-99", "x"])},
    {"int_array_value": SInt64Array(data=[-1, 2**62])},
    {"json_value": "{"},
    {"json_value": "[1, 2]"},
    {"json_value": '{"drawing": {"raw": {"objects": [{"path": [["M", 1, 1e999]]}]}}}'},
    {"json_trigger_value": "{"},
    {"bytes_value": b"\xff\xfe"},
    {"file_uploader_state_value": FileUploaderState()},
]
DRAWINGS = [
    "null",
    "7",
    '{"drawing": 7}',
    '{"drawing": []}',
    '{"drawing": {"raw": null}}',
    '{"drawing": {"raw": {"objects": {"a": 1}}}}',
    '{"drawing": {"raw": {"objects": [7]}}}',
    '{"drawing": {"raw": {"objects": [{"path": "M 0 0"}]}}}',
    '{"drawing": {"raw": {"objects": [{"path": [["M"]]}]}}}',
    '{"drawing": {"raw": {"objects": [{"path": [["M", "1", "2"]]}]}}}',
    '{"drawing": {"raw": {"objects": [{"path": [["M", NaN, 2]]}]}}}',
    '{"drawing": {"raw": {"objects": [{"path": [["M", 1, 2, 3, 4, 5, 6, 7, 8]]}]}}}',
    '{"drawing": {"raw": {"objects": [{"path": [["M", true, {}]]}]}}}',
    '{"drawing": {"raw": {"objects": []}, "data": 7}}',
    '{"drawing": {"raw": {"objects": []}, "data": "file:///etc/passwd"}}',
    '{"drawing": {"raw": {"objects": []}, "data": "data:image/png;base64,%%%"}}',
    '{"drawing": {"raw": {"objects": []}, "data": "data:image/png;base64,iVBORw0KGgo="}}',
    '{"drawing": {"raw": {"objects": []}, "data": "data:image/gif;base64,R0lGODlhAQABAAAAADs="}}',
    '{"drawing": {"raw": {"objects": []}}, "backgroundFit": {"naturalWidth": 1}}',
    '{"drawing": {"raw": {"objects": [' + ",".join(["{}"] * 600) + "]}}}",
    '{"drawing": {"raw": {"objects": [{"path": [' + ",".join(['["L", 1, 2]'] * 60_000) + "]}]}}}",
    '{"drawing": ' + "[" * 300 + "]" * 300 + "}",
]
NAMES = [
    "../../etc/passwd.png",
    "a\x1b[31m.png",
    "x" * 9000 + ".png",
    "<img src=x onerror=alert(1)>.png",
    "program.exe",
    "",
    "\u202egnp.png",
    "![](http://evil.example/x.png).png",
]
CONTENTS = [
    b"",
    b"no picture",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
    b"<svg/>",
    b"RIFF\xff\xff\xff\xffWEBP",
]
CLIENT_STATES: list[dict[str, Any]] = [
    {"query_string": "a=%ff&&=&=%00"},
    {"query_string": "?" * 20_000},
    {"page_name": "../../history"},
    {"page_name": "%00"},
    {"page_script_hash": "nothing"},
    {"fragment_id": "nothing"},
    {"fragment_id": "\0" * 99},
    {"context_info": ContextInfo(color_scheme="no such scheme")},
    {"context_info": ContextInfo(timezone="Nowhere/None", timezone_offset=2**31 - 1, locale="\0")},
    {"context_info": ContextInfo(url="http://[::1")},
]
FRAMES = [b"", b"\0", b"no message", b"\xff" * 5000, b"\x0a\xff\xff\xff\xff\x0f"]


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    folder = tmp_path_factory.mktemp("dashboard")
    path = folder / "kept.sqlite3"
    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    migrate(engine)
    keep(engine, random_drawings(seed=5, number=60))  # more than a page of History
    engine.dispose()
    settings = {"EMBEDDED_STORE": str(path), "OPERATOR_PASSWORD": "blue-black ink, 12"}
    with Dashboard(folder, settings) as running:
        yield running


class Log:
    """What the server has written since the last look."""

    def __init__(self, dashboard: Dashboard) -> None:
        self._dashboard = dashboard
        self._seen = len(dashboard.log)

    def news(self) -> str:
        log = self._dashboard.log
        news, self._seen = log[self._seen :], len(log)
        return news


@pytest.mark.parametrize("page", ["", "statistics", "history"])  # the others have no widgets
def test_no_forged_value_of_any_widget_makes_a_traceback(dashboard: Dashboard, page: str) -> None:
    log, failures, tried = Log(dashboard), [], 0
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        where = {"page_script_hash": stranger.pages.get(page, "")}
        stranger.widgets.clear()
        stranger.run(**where)

        for widget, kind in list(stranger.widgets.items()):
            for value in FORGED:
                tried += 1
                stranger.run(WidgetState(id=widget, **value), **where)
                news, words = log.news(), " ".join(stranger.words)
                if "Traceback" in news or "has encountered an error" in words:
                    failures.append((kind, widget[-30:], value, news[-300:]))

    assert failures == []
    assert tried >= 6 * len(FORGED)


def test_what_a_widget_cannot_have_is_a_line_and_a_sentence(dashboard: Dashboard) -> None:
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        log = Log(dashboard)

        stranger.run(WidgetState(id=stranger.find("button_group", "draw_pen"), json_value="{"))

        (line,) = log.news().splitlines()
        assert "what the widget 'draw_pen' cannot have: left out" in line
        assert sum("so it was left out" in words for words in stranger.words) == 1


def test_the_visit_goes_on_after_a_forged_value(dashboard: Dashboard) -> None:
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        stranger.run(WidgetState(id=stranger.find("button_group", "draw_pen"), json_value="{"))

        stranger.run()

        assert not any("left out" in words or "error" in words for words in stranger.words)


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: drawing[:60])
def test_no_forged_drawing_makes_a_traceback(dashboard: Dashboard, drawing: str) -> None:
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        log = Log(dashboard)

        stranger.run(
            WidgetState(id=stranger.find("bidi_component", "draw_canvas"), json_value=drawing)
        )

        assert "Traceback" not in log.news()
        assert not any("has encountered an error" in words for words in stranger.words)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_no_forged_file_makes_a_traceback(dashboard: Dashboard, name: str) -> None:
    log = Log(dashboard)
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        widget = stranger.find("file_uploader", "draw_files")

        files = [(f"id-{n}", name, len(content)) for n, content in enumerate(CONTENTS)]
        for (file_id, _, _), content in zip(files, CONTENTS, strict=True):
            stranger.put(file_id, name, content)
        stranger.run(files_state(widget, [*files, ("never sent", name, 7)]))

        assert "Traceback" not in log.news()
        assert not any("has encountered an error" in words for words in stranger.words)


@pytest.mark.parametrize("state", CLIENT_STATES, ids=lambda state: ascii(state)[:50])
def test_no_forged_address_or_setting_makes_a_traceback(
    dashboard: Dashboard, state: dict[str, Any]
) -> None:
    log = Log(dashboard)
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        stranger.send_state(**state)  # some are not even answered

        stranger.run()

        assert "Traceback" not in log.news()
        assert not any("has encountered an error" in words for words in stranger.words)


@pytest.mark.parametrize("frame", [*FRAMES, "text"], ids=lambda frame: ascii(frame)[:20])
def test_no_frame_makes_a_traceback(dashboard: Dashboard, frame: bytes | str) -> None:
    log = Log(dashboard)
    with Stranger(dashboard.url) as stranger:
        stranger.run()

        stranger.send(frame)  # type: ignore[arg-type]
        stranger.is_connected()

    with Stranger(dashboard.url) as another:
        another.run()
    assert "Traceback" not in log.news()


def test_a_value_that_is_too_long_is_no_traceback(dashboard: Dashboard) -> None:
    log = Log(dashboard)
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        pen = stranger.find("button_group", "draw_pen")

        stranger.send(b"\x5a" + b"\xff" * 30_000_000)
        assert not stranger.is_connected()
        del pen

    with Stranger(dashboard.url) as another:
        another.run()
    assert "Traceback" not in log.news()


@pytest.mark.parametrize("host", ["[", "[::1", "a b", "localhost:99999999", "\xff"])
def test_no_forged_header_makes_a_traceback(dashboard: Dashboard, host: str) -> None:
    log = Log(dashboard)

    with socket.create_connection(("127.0.0.1", dashboard.port), timeout=20) as connection:
        request = f"GET /history HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode("latin-1"))
        answer = connection.recv(100)

    assert answer.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in answer
    assert "Traceback" not in log.news()


def test_uploads_over_the_limit_arrive_as_names_alone(dashboard: Dashboard) -> None:
    heavy = b"\x89PNG\r\n\x1a\n" + b"\0" * 14_000_000
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        widget = stranger.find("file_uploader", "draw_files")
        names = [f"number {n}.png" for n in range(4)]

        statuses = [stranger.put(f"id-{name}", name, heavy) for name in names]
        stranger.run(files_state(widget, [(f"id-{name}", name, 14_000_000) for name in names]))

        words = " ".join(stranger.words)
        assert statuses == [204] * 4
        assert "2 of these files were not read: 20 pictures and 40 MB" in words
        assert "Not read: number 2.png, number 3.png<" in words


def test_a_visitor_who_never_shows_what_was_sent_holds_no_more_than_the_limit(
    dashboard: Dashboard,
) -> None:
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        for n in range(30):
            assert stranger.put(f"id-{n}", f"{n}.png", b"x" * 1000) == 204
        widget = stranger.find("file_uploader", "draw_files")

        stranger.run(files_state(widget, [(f"id-{n}", f"{n}.png", 1000) for n in range(30)]))

        assert "10 of these files were not read" in " ".join(stranger.words)


def test_heavy_visitors_leave_no_memory_behind() -> None:
    figures = measure(visitors=10, pictures=4)

    assert figures["visitors_told_of_the_rest"] == 10
    assert figures["left_mb"] <= MOST_LEFT_MB


def test_a_path_that_is_nobodys_upload_is_not_held_up(dashboard: Dashboard, tmp_path: Path) -> None:
    with Stranger(dashboard.url) as stranger:
        stranger.run()
        stranger.session_id = "nobody"

        assert stranger.put("id", "x.png", b"x") == 400
