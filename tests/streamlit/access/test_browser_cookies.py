"""Cookies of our own: their names, what is read of them, their flags."""

from __future__ import annotations

import pytest

from access.browser_cookies import Cookie, came_by_tls, cookie_name, values_of


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:8501", "ink_8501"),
        ("[::1]:8502", "ink_8502"),
        ("example.org", "ink"),
        ("[::1]", "ink"),
        (None, "ink"),
        ("example.org:80; Path=/", "ink"),
        ("example.org:١٢", "ink"),
        ("example.org:8501\n", "ink"),
    ],
)
def test_a_name_tells_the_ports_of_a_host_apart_and_takes_over_nothing_else(host, name):
    assert cookie_name("ink", host) == name


@pytest.mark.parametrize(
    ("headers", "values"),
    [
        (["ink=a"], ["a"]),
        (["other=1; ink=a;ink=b ; inky=c"], ["a", "b"]),
        (["ink=a", "ink=b"], ["a", "b"]),
        (["ink", "=ink", "; ;", "nink=a"], [""]),
        ([], []),
    ],
)
def test_every_value_of_a_name_is_found_in_its_order(headers, values):
    assert list(values_of(headers, "ink")) == values


def test_a_cookie_is_out_of_reach_of_scripts_and_below_its_path():
    line = Cookie("ink", "a", "Lax", 60).line("localhost:1", "/inkling", is_tls=False)

    assert line == "ink_1=a; Path=/inkling; Max-Age=60; HttpOnly; SameSite=Lax"


def test_by_https_a_cookie_goes_over_https_alone():
    line = Cookie("ink", "a", "Strict", 60).line("example.org", "", is_tls=True)

    assert line == "ink=a; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"


def test_a_cookie_without_a_value_is_taken_away():
    assert "=; Path=/; Max-Age=0;" in Cookie("ink", None, "Lax", 60).line(None, "", is_tls=False)


@pytest.mark.parametrize(
    ("scheme", "forwarded", "is_tls"),
    [
        ("https", None, True),
        ("http", "https", True),
        ("http", "HTTPS, http", True),
        ("http", "http, https", False),
        ("http", None, False),
    ],
)
def test_https_counts_up_to_the_first_proxy(scheme, forwarded, is_tls):
    assert came_by_tls(scheme, forwarded) is is_tls
