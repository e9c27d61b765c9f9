"""Tickets for cookies: good once, and for some seconds."""

from __future__ import annotations

import pytest

from access.browser_cookies import Cookie
from access.cookie_tickets import GOOD_FOR_S, MOST_TICKETS, CookieTickets

COOKIE = Cookie("ink", "a", "Lax", 60)


def test_a_ticket_is_good_once():
    tickets = CookieTickets()
    ticket = tickets.offer(COOKIE)
    assert tickets.is_open(ticket)

    assert tickets.redeem(ticket) == (COOKIE,)
    assert tickets.redeem(ticket) == ()
    assert not tickets.is_open(ticket)


def test_one_ticket_stands_for_several_cookies():
    tickets = CookieTickets()
    other = Cookie("paper", None, "Strict")

    assert tickets.redeem(tickets.offer(COOKIE, other)) == (COOKIE, other)


def test_a_ticket_ends_after_some_seconds():
    now_s = 100.0
    tickets = CookieTickets(lambda: now_s)
    ticket = tickets.offer(COOKIE)

    now_s += GOOD_FOR_S

    assert not tickets.is_open(ticket)
    assert tickets.redeem(ticket) == ()


@pytest.mark.parametrize("ticket", [None, "", "wrong", 7, ["x"], "x" * 1000])
def test_what_is_no_ticket_gets_nothing(ticket):
    tickets = CookieTickets()
    tickets.offer(COOKIE)

    assert tickets.redeem(ticket) == ()


def test_only_so_many_are_remembered():
    tickets = CookieTickets()
    first = tickets.offer(COOKIE)

    for _ in range(MOST_TICKETS):
        last = tickets.offer(COOKIE)

    assert not tickets.is_open(first)
    assert tickets.is_open(last)
