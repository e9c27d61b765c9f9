"""The members of MODELS_DIR, loaded once in the process, and anew after another tuning."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from environment import models_dir, read_environment
from model.ensemble.manifest import FILE, Manifest
from model.ensemble.members import Ensemble, load_members, read_manifest
from model.errors import WeightsError


def described_members(folder: Path | None = None) -> Manifest | None:
    """Return what the members' folder says of them, None where there are none, or none to use."""
    place = folder or models_dir(read_environment())
    try:
        return _described(str(place), (place / FILE).stat().st_mtime_ns)
    except (OSError, WeightsError):
        return None


def members(folder: Path | None = None) -> Ensemble | None:
    """Return the members, ready to read; None where there are none, or none that can be used."""
    place = folder or models_dir(read_environment())
    try:
        return _loaded(str(place), (place / FILE).stat().st_mtime_ns)
    except (OSError, WeightsError):
        return None


@st.cache_resource(max_entries=1, show_spinner=False)
def _described(folder: str, changed_ns: int) -> Manifest:
    return read_manifest(Path(folder))


@st.cache_resource(max_entries=1, show_spinner=False)
def _loaded(folder: str, changed_ns: int) -> Ensemble:
    return load_members(Path(folder))
