"""What the page shows when the network is not sure, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from model.weight_files.places import DEFAULT_WEIGHTS
from tests.browser.dashboard import Dashboard
from tests.model.weight_files.pairs import write_like

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def doubtful(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app with weights that are never sure, and far less confident than they should be."""
    folder = tmp_path_factory.mktemp("doubtful")
    weights = folder / "doubtful.onnx"
    write_like(weights, DEFAULT_WEIGHTS, sure_threshold=1.0, temperature=40.0)
    settings = {"EMBEDDED_STORE": str(Path(folder) / "kept.sqlite3"), "WEIGHTS": str(weights)}
    with Dashboard(folder, settings) as started:
        yield started


@pytest.mark.parametrize("width", [1280, 320])
def test_the_candidates_fit_side_by_side_with_the_likeliest_first(visit, doubtful, width):
    visitor = visit(doubtful, viewport={"width": width, "height": 900})

    visitor.draw_digit(3)

    expect(visitor.label).to_have_text("3")
    expect(visitor.page.get_by_test_id("confidence")).to_have_text("Not sure")
    candidates = visitor.page.locator(".inkling-candidate")
    expect(candidates).to_have_count(3)
    boxes = [candidate.bounding_box() for candidate in candidates.all()]
    assert len({round(box["y"]) for box in boxes}) == 1
    assert boxes[-1]["x"] + boxes[-1]["width"] <= width


def test_the_two_likeliest_are_one_tap_each(visit, doubtful):
    visitor = visit(doubtful)
    visitor.draw_digit(3)
    expect(visitor.page.locator(".inkling-question")).to_have_text("Which is it?")
    names = [one.inner_text() for one in visitor.page.locator(".inkling-candidate").all()[:2]]

    second = visitor.page.locator("[class*=st-key-draw_second_canvas] button")
    assert names[1][0] in second.inner_text()
    second.click()

    expect(visitor.question).to_contain_text(f"Saved: it is a{'n' * (names[1][0] == '8')} ")
    expect(visitor.page.locator(".inkling-question")).to_have_text("")
