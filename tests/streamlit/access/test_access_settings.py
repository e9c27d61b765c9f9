"""Settings that would let somebody in are refused, with the way out."""

from __future__ import annotations

import pytest

from access.access_settings import AccessError, AccessSettings, read_access


def test_with_nothing_set_nobody_is_let_in_and_no_header_is_believed():
    assert read_access({}) == AccessSettings(None, 0, metrics=False)


@pytest.mark.parametrize("password", ["short", "elevenchars", "a" + " " * 40])
def test_a_short_password_is_refused_with_the_commands_that_make_a_good_one(password):
    with pytest.raises(AccessError) as refused:
        read_access({"OPERATOR_PASSWORD": password})

    assert "openssl rand -hex 24" in str(refused.value)
    assert "secrets.token_hex(24)" in str(refused.value)
    assert password not in str(refused.value)


def test_twelve_characters_are_enough():
    assert read_access({"OPERATOR_PASSWORD": "twelve chars"}).operator_password == "twelve chars"


@pytest.mark.parametrize("text", ["-1", "one", "1.5", "²", "17", "999", "10.0.0.1"])
def test_what_is_no_number_of_proxies_is_refused(text):
    with pytest.raises(AccessError, match="TRUSTED_PROXIES must be the number of proxies"):
        read_access({"TRUSTED_PROXIES": text})


@pytest.mark.parametrize(("text", "opens"), [("1", True), ("Yes", True), ("0", False)])
def test_metrics_are_a_switch(text, opens):
    assert read_access({"METRICS": text}).metrics is opens


def test_a_switch_takes_no_nonsense():
    with pytest.raises(AccessError, match="METRICS must be 1"):
        read_access({"METRICS": "perhaps"})
