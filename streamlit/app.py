"""What `streamlit run` is given: the pages, with routes of our own beside them on one server."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
for folder in (FOLDER, FOLDER.parent):  # `streamlit run` from elsewhere has the first one only
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import streamlit as st  # noqa: E402

from server.lifespan import lifespan  # noqa: E402
from server.middleware import middleware  # noqa: E402
from server.routes import routes  # noqa: E402

# A plain assignment: Streamlit looks for one in the file's text before it runs the file.
app = st.App(FOLDER / "dashboard.py", routes=routes(), middleware=middleware(), lifespan=lifespan)
