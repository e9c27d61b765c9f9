"""The route from which browsers fetch the page's own JavaScript."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request

from browser.browser_code import digest, loader, modules
from server.browser_modules import browser_module
from tests.streamlit.server.routes.on_a_thread import on_a_thread


def fetched(name: str, version: str | None = None):
    path = {"name": name, "digest": digest() if version is None else version}
    return on_a_thread(browser_module(Request({"type": "http", "path_params": path})))


def test_a_component_fetches_its_module_under_a_name_that_changes_with_it():
    script = loader("follower")

    (path,) = re.findall(r'"(/[^"]+)"', script)
    assert path == f"/inkling/{digest()}/follower.js"
    assert "follower" in modules()


@pytest.mark.parametrize("name", sorted(modules()))
def test_all_that_a_module_imports_can_be_fetched(name):
    imported = re.findall(rb'from "\./(\w+)\.js"', modules()[name])

    assert {one.decode() for one in imported} <= set(modules())


def test_a_module_is_kept_for_good_under_its_digest():
    answer = fetched("card")

    assert answer.status_code == 200
    assert answer.media_type == "text/javascript"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.body == modules()["card"]


def test_under_another_versions_digest_it_is_not_kept():
    assert fetched("card", "0123456789abcdef").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["browser_code", "../app", "reading.css", ""])
def test_nothing_else_can_be_fetched(name):
    assert fetched(name).status_code == 404
