"""Keeps a session's id out of the addresses that its pictures are sent to."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = "/_stcore/upload_file/"
MOST_SESSIONS = 10_000  # an older one gets its name anew with its next picture


class Uploads(Protocol):
    """What Streamlit hands out addresses for uploads with."""

    def get_upload_urls(self, session_id: str, file_names: Sequence[str]) -> list[Any]:
        """Return one address for each file."""
        ...


class SessionNames:
    """Other names of sessions, which open nothing but the sending of a picture.

    Streamlit writes the session's id into these addresses, and whoever knows the id can take the
    session over after its page was closed; addresses end up in the logs of proxies.
    """

    def __init__(self) -> None:
        """Make names that cannot be worked out from ids, nor the other way round."""
        self._key = secrets.token_bytes(32)
        self._ids: OrderedDict[str, str] = OrderedDict()

    def name_of(self, session_id: str) -> str:
        """Return a session's other name, the same at every call."""
        name = hmac.new(self._key, session_id.encode(), hashlib.sha256).hexdigest()[:32]
        self._ids[name] = session_id
        self._ids.move_to_end(name)
        while len(self._ids) > MOST_SESSIONS:
            self._ids.popitem(last=False)
        return name

    def id_of(self, name: str) -> str | None:
        """Return whose other name this is; None where it is nobody's."""
        return self._ids.get(name)

    def hide_in(self, uploads: Uploads) -> None:
        """Let `uploads` hand out addresses with the other names."""
        real = uploads.get_upload_urls

        def renamed(session_id: str, file_names: Sequence[str]) -> list[Any]:
            name = self.name_of(session_id)
            return [
                address._replace(
                    upload_url=address.upload_url.replace(session_id, name),
                    delete_url=address.delete_url.replace(session_id, name),
                )
                for address in real(session_id, file_names)
            ]

        uploads.get_upload_urls = renamed  # type: ignore[method-assign]


@cache
def session_names() -> SessionNames:
    """Return the other names of this process's sessions."""
    return SessionNames()


class RealSession:
    """Puts a session's id in the place of its other name, for Streamlit alone to see."""

    def __init__(self, app: ASGIApp, names: SessionNames) -> None:
        """Wrap `app`."""
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the server's own copy keeps the address that it came to."""
        if scope["type"] == "http" and FOLDER in scope["path"]:
            before, _, rest = scope["path"].partition(FOLDER)
            name, _, file = rest.partition("/")
            session_id = self._names.id_of(name)
            if session_id is not None:
                path = f"{before}{FOLDER}{session_id}/{file}"
                scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)
