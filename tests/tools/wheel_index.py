"""Package indices on the loopback, with tiny real wheels in them."""

import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def add_wheel(index: Path, name: str, version: str) -> str:
    """Put an installable wheel of an empty module into a folder that is served as an index.

    Returns the line of a lock that takes this wheel and no other.
    """
    folder = index / name
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return f"{name}=={version} --hash=sha256:{sha256(file.read_bytes()).hexdigest()}\n"


class _Quiet(SimpleHTTPRequestHandler):
    """Lists folders the way that pip reads an index."""

    def log_message(self, *_: object) -> None:
        pass


class Unavailable(BaseHTTPRequestHandler):
    """Answers everything with 503."""

    def do_GET(self) -> None:
        self.send_error(503)

    def log_message(self, *_: object) -> None:
        pass


class Silent(BaseHTTPRequestHandler):
    """Takes every request and never answers."""

    def do_GET(self) -> None:
        self.server.asked.set()  # type: ignore[attr-defined]
        self.server.over.wait()  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        pass


class Trickle(Silent):
    """Sends a byte now and then, so that no single wait is ever long."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.over.is_set():  # type: ignore[attr-defined]
            self.wfile.write(b" ")
            time.sleep(0.3)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler] | Path) -> Iterator[ThreadingHTTPServer]:
    """Run a handler, or a folder of wheels, as a server; its `url` is the index's address."""
    kind = partial(_Quiet, directory=str(handler)) if isinstance(handler, Path) else handler
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    server.asked, server.over = threading.Event(), threading.Event()  # type: ignore[attr-defined]
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # who asks may hang up
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
