"""The operator's link on a real server: where it is told, and what it gives."""

from __future__ import annotations

import os
import pty
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.browser.dashboard import BY_SCRIPT, BY_STREAMLIT, Dashboard
from tests.streamlit.server.served_store import (
    NoRedirect,
    a_store,
    link_of,
    post,
    settings_for,
    token_of,
)
from tests.streamlit.store.writers import until


def test_where_a_password_is_set_there_is_no_link(locked):
    assert post(f"{locked.url}/operator", token="x")[0] in (404, 405)
    assert not list(locked.folder.glob("*.operator-link"))
    assert "token" not in locked.log


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(open_dashboard, path):
    url = f"{open_dashboard.url}/operator"

    status, headers = post(url, token=token_of(link_of(path)))

    flags = headers["set-cookie"].lower()
    assert (status, headers["location"]) == (303, "/history")
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert "secure" not in flags
    assert token_of(link_of(path)) not in str(headers)


def test_under_tls_the_cookie_goes_over_tls_alone(open_dashboard, path):
    request = urllib.request.Request(
        f"{open_dashboard.url}/operator",
        urllib.parse.urlencode({"token": token_of(link_of(path))}).encode(),
        {"X-Forwarded-Proto": "https"},
    )

    with pytest.raises(urllib.error.HTTPError) as answered:
        urllib.request.build_opener(NoRedirect).open(request, timeout=20)

    assert "secure" in answered.value.headers["set-cookie"].lower()
    answered.value.close()


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5000])
def test_another_token_opens_nothing_and_is_logged_without_itself(open_dashboard, token):
    before = open_dashboard.log.count("wrong operator's link from 127.0.0.1")

    status, headers = post(f"{open_dashboard.url}/operator", token=token)

    assert status == 403
    assert "set-cookie" not in headers
    assert open_dashboard.log.count("wrong operator's link from 127.0.0.1") == before + 1
    assert not token or token not in open_dashboard.log.replace("wrong operator's", "")


def test_the_link_is_in_a_file_for_this_user_alone_and_never_in_the_log(open_dashboard, path):
    place = Path(f"{path}.operator-link")
    link_of(path)

    assert place.stat().st_mode & 0o077 == 0
    assert str(place) in open_dashboard.log
    assert token_of(link_of(path)) not in open_dashboard.log


@pytest.mark.parametrize("way", [BY_SCRIPT, BY_STREAMLIT], ids=["run_streamlit", "streamlit run"])
def test_both_ways_of_starting_print_the_link_on_a_terminal(tmp_path, way):
    path = a_store(tmp_path)
    settings = settings_for(path, STREAMLIT_SERVER_BASE_URL_PATH="ink")
    terminal, output = pty.openpty()

    with Dashboard(tmp_path, settings, way, base="/ink", output=output) as started:
        printed, link = "", None
        while link is None:  # the address first; the link when the settings of the store are read
            printed += os.read(terminal, 65536).decode()
            link = re.search(r"http://localhost:\d+/ink/operator#token=\S+\r", printed)
        status, headers = post(
            f"{started.url}/ink/operator", token=token_of(link[0].rstrip("\r\n"))
        )
    os.close(output)
    os.close(terminal)

    assert f"Inkling is at http://localhost:{started.port}/ink" in printed
    assert (status, headers["location"]) == (303, "/ink/history")
    assert "path=/ink" in headers["set-cookie"].lower()
    assert not Path(f"{path}.operator-link").exists()


def test_the_file_with_the_link_goes_when_the_server_ends(tmp_path):
    path = a_store(tmp_path)

    with Dashboard(tmp_path, settings_for(path)):
        assert until(Path(f"{path}.operator-link").exists)
        assert link_of(path)

    assert not Path(f"{path}.operator-link").exists()
