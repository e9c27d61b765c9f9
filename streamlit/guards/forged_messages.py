"""What no page of ours sends: values, frames and files made up by a stranger.

They end in one line of the log and one sentence on the page, which goes on without them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.runtime_util import WidgetStateSizeError
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.session_state import Serialized, Value, WStates

log = logging.getLogger(__name__)

LEFT_OUT = "Your browser sent something that this page does not know, so it was left out."

# Where Streamlit writes a traceback about what a browser sent. It is of no use: it shows how
# Streamlit read the message, never who sent it.
ABOUT_MESSAGES = (
    "streamlit.components.v2.bidi_component.serialization",
    "streamlit.runtime.app_session",
    "streamlit.web.server.starlette.starlette_websocket",
)
UNCAUGHT = "streamlit.error_util"


class ForgedMessages:
    """Stands before the app; makes Streamlit leave out what it cannot take."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`, and watch over how this process reads the values of widgets."""
        self._app = app
        leave_out_forged_values()
        shorten_log()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or have the app answer, one request or connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def checked() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                # Streamlit speaks in bytes alone, and would raise on text.
                log.warning("a browser sent text where only bytes are spoken: disconnected")
                await send({"type": "websocket.close", "code": 1003})
                return {"type": "websocket.disconnect", "code": 1003}
            return message

        await self._app(scope, checked, send)


def leave_out_forged_values() -> None:
    """Have a value that its widget cannot have count as not sent, in this process from now on.

    Streamlit keeps a value as it was sent until it is first looked at, raises there, and does so
    again in every later run of that session. It has no hook of its own for this place.
    """
    look_up = WStates.__getitem__
    if getattr(look_up, "leaves_out_forged_values", False):
        return

    def guarded(self: WStates, key: str) -> Any:
        state, metadata = self.states.get(key), self.widget_metadata.get(key)
        if not isinstance(state, Serialized) or metadata is None:
            return look_up(self, key)
        sent = state.value.WhichOneof("value")
        try:
            if sent != metadata.value_type:
                raise TypeError(f"{sent} in place of {metadata.value_type}")
            return look_up(self, key)
        except Exception as error:
            name = key.rpartition("-")[2]
            log.warning("a browser sent what the widget %.40r cannot have: left out", name)
            log.debug("it was: %s", type(error).__name__)
            unset = metadata.deserializer(None)
            self.states[key] = Value(unset)
            if get_script_run_ctx() is not None:
                st.toast(LEFT_OUT, icon=":material/block:")
            return unset

    guarded.leaves_out_forged_values = True  # type: ignore[attr-defined]
    WStates.__getitem__ = guarded  # type: ignore[method-assign]
    # Callbacks run in a loop over these names; one that a forged value has set off may change them.
    WStates.__iter__ = _names  # type: ignore[method-assign]


def _names(states: WStates) -> Iterator[str]:
    return iter(list(states.states))


def shorten_log() -> None:
    """Have one line in the log, without a traceback, for each message that cannot be taken."""
    for name in ABOUT_MESSAGES:
        _add_once(logging.getLogger(name), _without_traceback)
    _add_once(logging.getLogger(UNCAUGHT), _without_traceback_of_size)


def _add_once(logger: logging.Logger, change: Any) -> None:
    if change not in logger.filters:
        logger.addFilter(change)


def _without_traceback(record: logging.LogRecord) -> bool:
    if record.exc_info:
        kind = record.exc_info[0]
        record.msg = f"{record.getMessage().splitlines()[0]} ({kind.__name__ if kind else ''})"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def _without_traceback_of_size(record: logging.LogRecord) -> bool:
    """Shorten what is about a message that is too long; our own mistakes keep their traceback."""
    if record.exc_info and isinstance(record.exc_info[1], WidgetStateSizeError):
        return _without_traceback(record)
    return True
