"""Who a visitor is, by the secret in a browser's cookie."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from access.visitor import (
    MOST_FORGOTTEN,
    Forgotten,
    cookie_of,
    forgotten,
    new_secret,
    secret_in,
    visitor_of,
)

HOST = "localhost:8501"


def test_a_secret_that_was_made_here_is_found_again():
    secret = new_secret()

    assert secret_in([f"a=b; inkling_visitor_8501={secret}"], HOST) == secret


def test_no_two_secrets_are_the_same():
    assert len({new_secret() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "value",
    [
        *("", "short", "x" * 31, "x" * 33, "x" * 5000, f'"{"x" * 32}"', f"{'x' * 31}."),
        *(f"{'x' * 31}é", f"{'x' * 31}١", f"{'x' * 31}%", "'; DROP TABLE drawings; --"),
    ],
)
def test_what_was_not_made_here_is_nobodys(value):
    assert secret_in([f"inkling_visitor_8501={value}"], HOST) is None


def test_a_cookie_of_another_port_is_not_read():
    assert secret_in([f"inkling_visitor_8502={'x' * 32}"], HOST) is None


def test_the_first_that_can_be_ours_counts():
    header = f"inkling_visitor_8501=forged; inkling_visitor_8501={'y' * 32}"

    assert secret_in([f"{header}; inkling_visitor_8501={'z' * 32}"], HOST) == "y" * 32


def test_a_visitor_is_the_first_half_of_the_secrets_sha256():
    secret = new_secret()

    visitor = visitor_of(secret)

    assert visitor.hex == hashlib.sha256(secret.encode()).hexdigest()[:32]


def test_the_cookie_lasts_thirty_days_and_comes_along_when_a_link_is_followed():
    line = cookie_of("x" * 32).line(HOST, "", is_tls=False)

    assert "Max-Age=2592000" in line
    assert "SameSite=Lax" in line


def test_who_was_forgotten_last_is_remembered_longest():
    gone = Forgotten()

    for number in range(MOST_FORGOTTEN + 1):
        gone.add(UUID(int=number))

    assert UUID(int=0) not in gone
    assert UUID(int=MOST_FORGOTTEN) in gone


def page_of_a_visitor() -> None:
    import streamlit as st

    from access.visitor import is_forgotten, visitor_id

    st.text(visitor_id())
    st.text(is_forgotten())


def test_without_a_cookie_a_session_is_a_visitor_of_its_own():
    one, other = AppTest.from_function(page_of_a_visitor), AppTest.from_function(page_of_a_visitor)
    first = one.run().text[0].value

    assert one.run().text[0].value == first
    assert other.run().text[0].value != first


def test_a_session_whose_visitor_is_forgotten_knows_it_at_its_next_run():
    app = AppTest.from_function(page_of_a_visitor).run()
    assert app.text[1].value == "False"

    forgotten().add(UUID(app.text[0].value))

    assert app.run().text[1].value == "True"
