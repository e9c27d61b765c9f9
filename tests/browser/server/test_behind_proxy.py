"""Behind a proxy, and in another site's frame: pages, uploads, and what is refused."""

from __future__ import annotations

import gzip
import http.client
import http.server
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.conftest import DESKTOP
from tests.browser.dashboard import Dashboard
from tests.browser.server.proxy import nginx_before
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
EMBEDDER = """<!doctype html><title>Elsewhere</title>
<iframe src="{url}" width="1200" height="850"></iframe>"""


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app below a path, behind nginx; its url is nginx's."""
    folder = tmp_path_factory.mktemp("behind")
    settings = {"EMBEDDED_STORE": str(folder / "kept.sqlite3"), "TRUSTED_PROXIES": "1"}
    settings["STREAMLIT_SERVER_BASE_URL_PATH"] = "inkling"
    app = Dashboard(folder, settings)
    app.url += "/inkling"
    with app, nginx_before(app.port, folder) as port:
        app.url = f"http://localhost:{port}/inkling/"
        yield app


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    """A picture of a seven, of more bytes than a proxy takes by default."""
    pixels = np.random.default_rng(0).integers(225, 256, (1100, 1100, 3)).astype(np.uint8)
    pixels[200:280, 300:800] = 20
    for row in range(280, 900):
        middle = 760 - (row - 280) * 320 // 620
        pixels[row, middle - 40 : middle + 40] = 20
    path = tmp_path / "seven.png"
    Image.fromarray(pixels).save(path)
    assert path.stat().st_size > 1_500_000  # nginx lets 1 MB through if not told otherwise
    return path


def test_a_drawing_is_read_and_answered_through_the_proxy(
    behind: Dashboard, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(behind)

    visitor.draw_digit(3)
    visitor.say_yes()

    expect(visitor.question).to_contain_text("Saved: it is a 3")


def test_a_reload_keeps_the_visitor_behind_the_proxy_and_below_its_path(
    behind: Dashboard, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(behind, locale="en-GB")  # a browser of its own
    visitor.draw_digit(3)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 3")

    visitor.page.goto(f"{behind.url}history")

    expect(visitor.page.locator(".ink-card")).to_have_count(1)
    (cookie,) = [one for one in visitor.context.cookies() if "inkling" in one["name"]]
    assert cookie["name"] == f"inkling_visitor_{behind.url.split(':')[2].split('/')[0]}"
    assert cookie["path"] == "/inkling"


def test_a_large_picture_passes_the_proxy(
    behind: Dashboard, visit: Callable[..., Visitor], seven: Path
) -> None:
    visitor = visit(behind)
    visitor.page.get_by_role("tab", name="Pictures").click()

    visitor.page.locator("input[type=file]").set_input_files(seven)

    expect(visitor.page.get_by_test_id("label").last).to_have_text("7")


def asked(
    port: int, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Ask the app itself, not the proxy; return status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request(method, path, b"x" if method == "PUT" else None, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health"])
def test_every_answer_has_the_security_headers(behind: Dashboard, path: str) -> None:
    status, headers, _ = asked(behind.port, f"/inkling{path}")

    assert status == 200
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "*" not in headers["Content-Security-Policy"]


def test_the_proxy_compresses_what_streamlit_does_not(behind: Dashboard) -> None:
    port = int(behind.url.split(":")[2].split("/")[0])
    page = asked(port, "/inkling/")[2].decode()
    script = re.search(r'src="\./(static/js/[^"]+\.js)"', page)
    assert script

    _, headers, body = asked(port, f"/inkling/{script[1]}", headers={"Accept-Encoding": "gzip"})

    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 0.6 * len(gzip.decompress(body))


def test_a_page_of_another_origin_opens_no_session(behind: Dashboard) -> None:
    address = f"ws://127.0.0.1:{behind.port}/inkling/_stcore/stream"

    for origin in ("http://elsewhere.example", "http://localhost:1", "null"):
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(address, additional_headers={"Origin": origin}),
        ):
            pass
        assert refused.value.response.status_code == 403
    own = {"Origin": f"http://127.0.0.1:{behind.port}"}
    with connect(address, additional_headers=own) as opened:
        assert opened.response.status_code == 101


def test_a_page_of_another_origin_uploads_nothing(behind: Dashboard) -> None:
    place = "/inkling/_stcore/upload_file/some-session/some-file"

    status, _, body = asked(behind.port, place, "PUT", {"Origin": "http://elsewhere.example"})

    assert status == 403
    assert b"its own pages" in body


class Embedder:
    """Another site: one page, which shows an address in a frame."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def embedder(tmp_path: Path) -> Iterator[Embedder]:
    started = Embedder(tmp_path)
    yield started
    started.server.shutdown()
    started.server.server_close()


def in_frame(chromium: Browser, embedder: Embedder, address: str):
    (embedder.folder / "index.html").write_text(EMBEDDER.format(url=address))
    page = chromium.new_context(**DESKTOP).new_page()
    page.set_default_timeout(20_000)
    page.goto(embedder.url)  # 127.0.0.1, which is another site than localhost
    return page


def test_drawing_and_upload_work_in_the_frame_of_a_site_that_the_setting_names(
    chromium: Browser, embedder: Embedder, tmp_path: Path, seven: Path
) -> None:
    settings = {"EMBED_ORIGINS": embedder.url, "EMBEDDED_STORE": "off"}
    with Dashboard(tmp_path, settings) as app:
        page = in_frame(chromium, embedder, f"http://localhost:{app.port}/?embed=true")
        frame = page.frame_locator("iframe")
        expect(frame.locator(".upper-canvas")).to_be_visible()

        frame.get_by_role("tab", name="Pictures").click()
        frame.locator("input[type=file]").set_input_files(seven)

        expect(frame.get_by_test_id("label").last).to_have_text("7")
        page.context.close()


def test_no_other_site_shows_it_in_a_frame(
    chromium: Browser, embedder: Embedder, behind: Dashboard
) -> None:
    page = in_frame(chromium, embedder, behind.url)
    page.wait_for_timeout(1500)

    assert page.frame_locator("iframe").locator(".stApp").count() == 0
    page.context.close()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "open it in a tab of its own"),
        (413, "larger than what is let through"),
        (0, "reached"),
    ],
)
def test_a_picture_that_did_not_arrive_is_named_with_the_reason(
    visit: Callable[..., Visitor], seven: Path, status: int, words: str
) -> None:
    visitor = visit()
    visitor.page.route(
        "**/upload_file/**",
        lambda route: route.fulfill(status=status) if status else route.abort(),
    )
    visitor.page.get_by_role("tab", name="Pictures").click()

    visitor.page.locator("input[type=file]").set_input_files(seven)

    problem = visitor.page.get_by_role("status").filter(has_text="seven.png")
    expect(problem).to_contain_text(words)
    expect(problem).not_to_contain_text("Axios")
    visitor.complaints.clear()  # the browser's own on what the test made fail
