"""What is closed, and what is refused, from the start."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from tests.browser.dashboard import BY_SCRIPT, BY_STREAMLIT, Dashboard


def test_metrics_are_closed_unless_asked_for(open_dashboard, tmp_path):
    def status(dashboard: Dashboard, path: str) -> int:
        try:
            with urllib.request.urlopen(dashboard.url + path, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    closed = {
        status(open_dashboard, f"/_stcore/metrics{more}") for more in ("", "/", "?families=x")
    }
    environ = {"EMBEDDED_STORE": "off", "METRICS": "1", "STREAMLIT_SERVER_BASE_URL_PATH": "ink"}
    with Dashboard(tmp_path, environ, base="/ink") as asked:
        opened = status(asked, "/ink/_stcore/metrics")

    assert closed == {404}
    assert opened == 200


@pytest.mark.parametrize("way", [BY_SCRIPT, BY_STREAMLIT], ids=["run_streamlit", "streamlit run"])
def test_a_short_password_is_refused_at_start_with_a_way_to_a_good_one(tmp_path, way):
    environ = {"EMBEDDED_STORE": "off", "OPERATOR_PASSWORD": "elevenchars"}

    with pytest.raises(RuntimeError) as refused, Dashboard(tmp_path, environ, way):
        pass

    words = str(refused.value)
    assert "OPERATOR_PASSWORD has fewer than 12 characters" in words
    assert "openssl rand -hex 24" in words
    assert "elevenchars" not in words
    assert "Traceback" not in words
