"""Settings of TLS, and of logins with and without a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback.connection.settings import SettingsError, read_settings
from tests.feedback.connection.test_settings import POSTGRESQL


def test_tls_reaches_libpq_in_its_own_words(tmp_path: Path):
    root = tmp_path / "authority.pem"
    root.touch()
    environ = POSTGRESQL | {"DB_SSLMODE": "verify-ca", "DB_SSLROOTCERT": str(root)}

    url = read_settings(environ).url

    assert url is not None
    assert dict(url.query) == {"sslmode": "verify-ca", "sslrootcert": str(root)}


def test_without_settings_tls_is_as_libpq_has_it():
    url = read_settings(POSTGRESQL).url

    assert url is not None
    assert dict(url.query) == {}


@pytest.mark.parametrize(
    "way", [{"DB_HOST": "/run/postgresql"}, {"DB_INSTANCE_CONNECTION_NAME": "a:b:c"}]
)
def test_tls_settings_are_kept_beside_a_socket(way: dict[str, str]):
    url = read_settings(POSTGRESQL | way | {"DB_SSLMODE": "require"}).url

    assert url is not None
    assert set(url.query) == {"host", "sslmode"}


def test_the_authorities_of_this_machine_are_a_file_that_is_there():
    # libpq's own word for them leads a libpq from a wheel to nothing.
    environ = POSTGRESQL | {"DB_SSLMODE": "verify-full", "DB_SSLROOTCERT": "system"}

    url = read_settings(environ).url

    assert url is not None
    root = str(url.query["sslrootcert"])
    assert root == "system" or Path(root).is_file()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DB_SSLMODE": "on"}, "DB_SSLMODE must be one of disable, allow, prefer"),
        ({"DB_SSLMODE": "verify-full"}, "DB_SSLMODE=verify-full needs DB_SSLROOTCERT"),
        ({"DB_SSLROOTCERT": "system"}, "DB_SSLROOTCERT=system needs DB_SSLMODE=verify-full"),
        (
            {"DB_SSLMODE": "verify-ca", "DB_SSLROOTCERT": "/not/there.pem"},
            "DB_SSLROOTCERT names no file that is there",
        ),
        ({"DB_PASSWORDLESS": "perhaps"}, "DB_PASSWORDLESS must be 1"),
        ({"DB_PASSWORDLESS": "1"}, "DB_PASSWORDLESS=1 and DB_PASSWORD contradict each other"),
    ],
)
def test_a_login_that_makes_no_sense_is_a_sentence(settings: dict[str, str], words: str):
    with pytest.raises(SettingsError) as raised:
        read_settings(POSTGRESQL | settings)

    assert words in str(raised.value)
    assert POSTGRESQL["DB_PASSWORD"] not in str(raised.value)


def test_a_login_may_be_without_password_where_that_is_said():
    environ = POSTGRESQL | {"DB_PASSWORD": "", "DB_PASSWORDLESS": "1"}

    url = read_settings(environ).url

    assert url is not None
    assert "password" not in url.translate_connect_args()


def test_no_passwordless_login_is_no_database():
    assert read_settings({"DB_PASSWORDLESS": "0"}).kind == "sqlite"


@pytest.mark.parametrize("lone", [{"DB_PASSWORDLESS": "1"}, {"DB_SSLMODE": "require"}])
def test_a_lone_setting_of_the_login_names_all_that_is_missing(lone: dict[str, str]):
    with pytest.raises(SettingsError, match="DB_NAME, DB_USER"):
        read_settings(lone)
