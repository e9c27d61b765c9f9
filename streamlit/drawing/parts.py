"""The parts of the Draw page, each drawn anew on its own, and only when it would look different.

After a stroke the whole page would be forty messages, and a tenth of a second's work for the
browser; what has changed are two or three of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

import streamlit as st
from streamlit.errors import StreamlitAPIException

LOOKS = "draw_looks"  # of the session: what each part looked like when it was drawn last

Looks = Mapping[str, Hashable]


def note(name: str, look: Hashable) -> None:
    """Remember what a part looks like, once all of it is drawn; name: its fragment's key.

    look: as it was when its drawing began. One that is broken off halfway has not changed.
    """
    st.session_state.setdefault(LOOKS, {})[name] = look


def draw_changed(looks: Callable[[], Looks], home: str | None = None) -> None:
    """Have the parts drawn that look different now, and no other; to be called by a callback.

    looks: what each part should look like. home: the part whose own widget called, which is drawn
    anew without asking: asked for, it would take a second run of the script.
    """
    before = st.session_state.get(LOOKS, {})
    changed = [name for name, look in looks().items() if name in before and before[name] != look]
    if not changed or changed == [home]:
        return
    try:
        st.rerun(changed)
    except StreamlitAPIException:
        # A part that the page has yet to draw for the first time: it will look right then.
        return
