"""The link's token, and the cookies that it is exchanged for."""

from __future__ import annotations

import pytest

from access.operator_link import MOST_BROWSERS, OperatorLink, is_of_our_page, operator_link


def test_the_token_is_exchanged_for_a_secret_of_the_browsers_own():
    link = OperatorLink()

    first, second = link.redeem(link.token), link.redeem(link.token)

    assert link.knows(first)
    assert link.knows(second)
    assert len({first, second, link.token}) == 3


@pytest.mark.parametrize("token", ["", "wrong", "\udc80"])
def test_another_token_is_exchanged_for_nothing(token):
    assert OperatorLink().redeem(token) is None


@pytest.mark.parametrize("cookie", [None, "", "wrong"])
def test_a_made_up_cookie_is_not_known(cookie):
    link = OperatorLink()
    link.redeem(link.token)

    assert not link.knows(cookie)
    assert not link.knows(link.token)


def test_a_browser_that_signed_out_is_not_known_and_others_still_are():
    link = OperatorLink()
    gone, stays = link.redeem(link.token), link.redeem(link.token)

    link.forget(gone)

    assert not link.knows(gone)
    assert link.knows(stays)


def test_the_oldest_browser_is_signed_out_when_there_are_too_many():
    link = OperatorLink()
    first = link.redeem(link.token)

    latest = [link.redeem(link.token) for _ in range(MOST_BROWSERS)]

    assert not link.knows(first)
    assert all(map(link.knows, latest))


def test_server_and_pages_of_one_process_share_the_link_and_another_start_has_another():
    assert operator_link() is operator_link()
    assert OperatorLink().token != OperatorLink().token


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"host": "localhost:8501"}, True),
        ({"Host": "localhost:8501", "Origin": "http://localhost:8501"}, True),
        ({"host": "localhost:8501", "origin": "http://localhost:3000"}, False),
        ({"host": "localhost:8501", "origin": "http://127.0.0.1:8501"}, False),
        ({"host": "localhost:8501", "origin": "null"}, False),
        ({"host": "localhost:8501", "origin": "http://[::1"}, False),
    ],
)
def test_only_a_page_of_ours_may_use_the_cookie(headers, is_ours):
    assert is_of_our_page(headers) is is_ours
