"""A visitor without a browser: opens pages over the app's WebSocket, with any headers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

WAIT_S = 60


class SocketVisitor:
    """One session on a page of the app; `with SocketVisitor(port, "history") as visitor`.

    headers: sent with the handshake, above the library's own; it sends no Origin by itself.
    """

    def __init__(
        self, port: int, page: str = "", headers: Mapping[str, str] | None = None, base: str = ""
    ) -> None:
        self.received = b""  # every message, as it came
        self.page = page
        self._port, self._base = port, base
        self._headers = dict(headers or {})
        self._deltas: dict[tuple[int, ...], Delta] = {}
        self._open: connect
        self._socket: ClientConnection

    def __enter__(self) -> SocketVisitor:
        host = self._headers.pop("Host", f"localhost:{self._port}")
        # The library names its own Host after the address, so that is what is asked for; the
        # connection goes to this machine all the same.
        raw = socket.create_connection(("127.0.0.1", self._port), timeout=WAIT_S)
        self._open = connect(
            f"ws://{host}{self._base}/_stcore/stream",
            sock=raw,
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=self._headers,
            proxy=None,
            max_size=None,
        )
        self._socket = self._open.__enter__()
        self.run()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    @property
    def text(self) -> str:
        """What is on the page, as text with its markup."""
        return "\n".join(str(delta.new_element) for delta in self._deltas.values())

    def sees_drawings(self) -> bool:
        """Whether a drawing's card is on the page."""
        return 'role=\\"listitem\\"' in self.text

    def run(self, *states: WidgetState) -> None:
        """Run the script as a browser does after a touch, and take in what it shows."""
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.widget_states.widgets.extend(states)
        self._socket.send(message.SerializeToString())
        self._deltas.clear()
        while True:
            data = self._socket.recv(timeout=WAIT_S)
            assert isinstance(data, bytes)
            self.received += data
            forward = ForwardMsg()
            forward.ParseFromString(data)
            kind = forward.WhichOneof("type")
            if kind == "delta":
                self._deltas[tuple(forward.metadata.delta_path)] = forward.delta
            elif kind == "script_finished":
                return

    def sign_in(self, password: str) -> None:
        """Type a password on the History page and press the button beside it."""
        elements = [delta.new_element for delta in self._deltas.values()]
        (field,) = [one.text_input.id for one in elements if one.HasField("text_input")]
        (button,) = [
            one.button.id for one in elements if one.HasField("button") and one.button.form_id
        ]
        self.run(
            WidgetState(id=field, string_value=password), WidgetState(id=button, trigger_value=True)
        )


@contextmanager
def forwarder(port: int, host_line: str | None = None) -> Iterator[int]:
    """A plain TCP forwarder to a port of this machine, as a tunnel is; gives its own port.

    host_line: what it writes in the place of the visitor's Host header, as some proxies do.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=_accept, args=(listener, port, host_line), name="forwarder", daemon=True
        ).start()
        yield listener.getsockname()[1]


def _accept(listener: socket.socket, port: int, host_line: str | None) -> None:
    with suppress(OSError):  # the listener is closed at the end
        while True:
            visitor, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            for one, other, line in ((visitor, server, host_line), (server, visitor, None)):
                threading.Thread(target=_pump, args=(one, other, line), daemon=True).start()


def _pump(one: socket.socket, other: socket.socket, host_line: str | None) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            if host_line and b"\r\nHost: " in data:
                before, _, after = data.partition(b"\r\nHost: ")
                data = before + f"\r\nHost: {host_line}".encode() + after[after.index(b"\r\n") :]
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
