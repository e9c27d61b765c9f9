"""A visitor without a browser, who may send the server anything at all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

XSRF = "_streamlit_xsrf"


@dataclass
class Stranger:
    """Speaks Streamlit's protocol; `with Stranger(url) as stranger`.

    What the page shows is collected in `elements`, newest last, by the id of the widget or, for
    what is none, in `words`.
    """

    url: str  # of the dashboard, without an end slash
    patience_s: float = 60.0  # for one run
    widgets: dict[str, str] = field(default_factory=dict)  # kind by id, of every widget so far
    words: list[str] = field(default_factory=list)  # of the latest run
    pages: dict[str, str] = field(default_factory=dict)  # their hashes by address
    session_id: str = ""

    def __enter__(self) -> Stranger:
        self._open = ExitStack()
        self._http = self._open.enter_context(requests.Session())
        self._http.trust_env = False
        self._http.get(f"{self.url}/_stcore/health", timeout=self.patience_s)
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def connect(self) -> None:
        """Open a session of its own."""
        connection = connect(
            f"{self.url.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=self.patience_s,
            proxy=None,
        )
        self._socket: ClientConnection = self._open.enter_context(connection)

    def send(self, content: bytes) -> None:
        """Send what need not be a message."""
        self._socket.send(content)

    def is_connected(self) -> bool:
        """Whether the server still answers on this connection."""
        try:
            self.run()
        except Exception:
            return False
        return True

    def send_state(self, *states: WidgetState, **client_state: Any) -> None:
        """Ask for a run with these widget states, and do not wait for it."""
        message = BackMsg(rerun_script=ClientState(**client_state))
        message.rerun_script.widget_states.widgets.extend(states)
        self.send(message.SerializeToString())

    def run(self, *states: WidgetState, **client_state: Any) -> list[ForwardMsg]:
        """Have the page run with these widget states, and wait until it is done."""
        self.send_state(*states, **client_state)
        messages = []
        self.words = []
        deadline = time.monotonic() + self.patience_s
        has_begun = False
        while True:
            said = ForwardMsg()
            said.ParseFromString(self._socket.recv(timeout=deadline - time.monotonic()))
            messages.append(said)
            self._note(said)
            kind = said.WhichOneof("type")
            has_begun = has_begun or kind == "new_session"
            if kind == "script_finished" and has_begun:
                return messages

    def find(self, kind: str, part: str) -> str:
        """Return the id of the latest widget of a kind whose id has this in it."""
        return [name for name, k in self.widgets.items() if k == kind and part in name][-1]

    def put(self, file_id: str, name: str, content: bytes, kind: str = "image/png") -> int:
        """Upload one file; return the status."""
        answer = self._http.put(
            f"{self.url}/_stcore/upload_file/{self.session_id}/{file_id}",
            files={"file": (name, content, kind)},
            headers={"X-Xsrftoken": self._http.cookies.get(XSRF) or ""},
            timeout=self.patience_s,
        )
        return answer.status_code

    def _note(self, said: ForwardMsg) -> None:
        kind = said.WhichOneof("type")
        if kind == "navigation":
            for page in said.navigation.app_pages:
                self.pages[page.url_pathname] = page.page_script_hash
        if kind == "new_session":
            self.session_id = said.new_session.initialize.session_id
        if kind != "delta" or said.delta.WhichOneof("type") != "new_element":
            return
        element = said.delta.new_element
        name = element.WhichOneof("type")
        if name is None:
            return
        proto: Any = getattr(element, name)
        if getattr(proto, "id", ""):
            self.widgets[proto.id] = name
        for attribute in ("body", "message", "stack_trace", "help"):
            if value := getattr(proto, attribute, None):
                self.words.append(str(value))


def files_state(widget: str, files: Sequence[tuple[str, str, int]]) -> WidgetState:
    """Return the state of a file uploader; files: id, name and size of each."""
    state = FileUploaderState()
    for file_id, name, size in files:
        state.uploaded_file_info.append(UploadedFileInfo(file_id=file_id, name=name, size=size))
    return WidgetState(id=widget, file_uploader_state_value=state)
