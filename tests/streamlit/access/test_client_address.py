"""The address that limits go by, behind proxies and strangers that say they are one."""

from __future__ import annotations

import pytest

from serving.connections.addresses import client_address, limited_as

STRANGER, EDGE, INNER = "203.0.113.9", "198.51.100.1", "10.0.0.2"


def scope(peer: str | None, *forwarded: str) -> dict:
    """Return a connection from `peer`, with X-Forwarded-For lines."""
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"client": None if peer is None else (peer, 5), "headers": [(b"host", b"x"), *headers]}


def test_without_proxies_of_ours_the_connection_alone_counts():
    assert client_address(scope(STRANGER), 0) == STRANGER
    assert client_address(scope(STRANGER, "192.0.2.1"), 0) == STRANGER


def test_behind_a_proxy_of_ours_its_own_entry_counts_and_not_what_came_before():
    connection = scope(EDGE, f"192.0.2.1, {STRANGER}")

    assert client_address(connection, 1) == STRANGER


def test_behind_two_proxies_the_second_entry_from_the_right_counts():
    connection = scope(INNER, f"192.0.2.1, {STRANGER}, {EDGE}")

    assert client_address(connection, 2) == STRANGER


def test_several_header_lines_are_one_list():
    assert client_address(scope(INNER, f"192.0.2.1, {STRANGER}", EDGE), 2) == STRANGER


def test_a_request_that_passed_fewer_proxies_counts_by_the_first_that_is_known():
    assert client_address(scope(STRANGER), 3) == STRANGER
    assert client_address(scope(EDGE, STRANGER), 3) == STRANGER


@pytest.mark.parametrize("entry", ["nonsense", "", "unknown", "999.1.1.1"])
def test_what_is_no_address_leaves_that_of_the_next_proxy(entry):
    assert client_address(scope(EDGE, entry), 1) == EDGE


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
    ],
)
def test_ports_brackets_and_spellings_do_not_make_another_address(entry, address):
    assert client_address(scope(EDGE, entry), 1) == address


@pytest.mark.parametrize("claimed", ["192.0.2.77", "192.0.2.77:99", "[2001:db8::7]:9"])
def test_what_uvicorn_took_from_the_header_of_a_local_forwarder_is_not_believed(claimed):
    # Uvicorn puts a header's word in the place of any connection from this machine.
    believed = claimed.rpartition(":")[0].strip("[]") if claimed.count(":") else claimed

    assert client_address(scope(believed, claimed), 0) == "127.0.0.1"


def test_a_connection_without_address_has_one_to_count_under():
    assert client_address(scope(None), 0) == "unknown"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_limits_take_an_ipv6_network_for_one_visitor(address, key):
    assert limited_as(address) == key
