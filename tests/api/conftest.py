"""Services that tests of the HTTP service share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api.services import TOKEN, service


@pytest.fixture(scope="session")
def reading() -> Iterator[TestClient]:
    """A service that keeps nothing, which tests only read with."""
    with service(API_RATE="0", METRICS="1") as client:
        yield client


@pytest.fixture
def store_file(migrated_file: Path, tmp_path: Path) -> Path:
    """An embedded store of the newest schema, empty."""
    return Path(shutil.copy(migrated_file, tmp_path / "store.sqlite3"))


@pytest.fixture
def keeping(store_file: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A service with a store and a token."""
    settings = {"EMBEDDED_STORE": str(store_file), "MODELS_DIR": str(tmp_path / "models")}
    with service(API_TOKEN=TOKEN, API_RATE="0", METRICS="1", **settings) as client:
        yield client
