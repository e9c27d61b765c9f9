import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.tools.wheel_index import Silent, Trickle, Unavailable, add_wheel, serving
from tools.setup_environment import venv_python, why_unreachable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose `.venv` has a Python and nothing else."""
    venv_python(tmp_path).parent.mkdir(parents=True)
    venv_python(tmp_path).symlink_to(sys.executable)
    return tmp_path


@pytest.mark.parametrize("version", ["2.13.0", "2.13.0+cpu"])
def test_an_index_that_serves_the_release_is_used(root: Path, version: str):
    add_wheel(root / "index", "torch", version)

    with serving(root / "index") as index:
        reason = why_unreachable(root, index.url, "torch==2.13.0")

    assert reason == ""


def test_an_index_without_the_release_is_passed_over(root: Path):
    add_wheel(root / "index", "torch", "2.13.01")

    with serving(root / "index") as index:
        reason = why_unreachable(root, index.url, "torch==2.13.0")

    assert reason == "it lists no wheel of torch 2.13.0"


def test_an_index_that_lists_what_it_cannot_send_is_passed_over(root: Path):
    (root / "index" / "torch").mkdir(parents=True)
    (root / "index" / "torch" / "index.html").write_text(
        '<a href="../elsewhere/torch-2.13.0%2Bcpu-cp311-cp311-linux_x86_64.whl#sha256=0">torch</a>'
    )

    with serving(root / "index") as index:
        reason = why_unreachable(root, index.url, "torch==2.13.0")

    assert "404" in reason


def test_an_index_that_answers_with_an_error_is_passed_over(root: Path):
    with serving(Unavailable) as index:
        reason = why_unreachable(root, index.url, "torch==2.13.0")

    assert "503" in reason


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "http://no-such-host.invalid/whl", "not an address"]
)
def test_an_index_that_is_not_there_is_passed_over(root: Path, address: str):
    assert why_unreachable(root, address, "torch==2.13.0") != ""


def test_an_index_that_hangs_costs_ten_seconds_at_most(root: Path):
    with serving(Silent) as silent, serving(Trickle) as trickle, ThreadPoolExecutor() as pool:
        start = time.monotonic()
        urls = [silent.url, trickle.url]
        reasons = list(pool.map(lambda url: why_unreachable(root, url, "torch==2.13.0"), urls))
        took_s = time.monotonic() - start

    assert took_s < 10
    # On a busy machine the whole time may run out before the first byte's.
    assert "timed out" in reasons[0] or "no answer in 6 s" in reasons[0]
    assert "no answer in 6 s" in reasons[1]
