"""The address of the browser that a run of the script is for."""

from __future__ import annotations

import streamlit as st

from serving.connections.addresses import LOOPBACK


def visitor_address() -> str:
    """Return the address of the browser that this run of the script is for.

    The server's middleware has put it there (`guards.real_client`); Streamlit shows this machine's
    own addresses as None.
    """
    return st.context.ip_address or LOOPBACK
