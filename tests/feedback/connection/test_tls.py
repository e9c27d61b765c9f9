"""TLS to the database, demanded, refused, or with a certificate that does not fit.

The tests' PostgreSQL is built without it: PgBouncer speaks it here.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from feedback.connection.settings import read_settings
from feedback.store import check_connection, open_engine
from tests.feedback.calls import refused_after
from tests.pgbouncer import pooler
from tests.postgres import environ_of


def made_certificate(folder: Path, name: str, alt: str) -> Path:
    """Return a certificate of its own authority, made now, with its key beside it."""
    program = shutil.which("openssl")
    if program is None:
        pytest.fail("no openssl found: `apt install openssl` provides one", pytrace=False)
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-keyout", str(key), "-out", str(certificate), "-days", "2"]
    command += ["-subj", f"/CN={name}", "-addext", f"subjectAltName={alt}"]
    subprocess.run(command, check=True, capture_output=True)
    return certificate


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate that the pooler shows: for `localhost`, not for 127.0.0.1."""
    return made_certificate(tmp_path_factory.mktemp("tls"), "server", "DNS:localhost")


@pytest.fixture
def tls_url(postgres_url: URL, authority: Path) -> Iterator[URL]:
    """The address of a pooler that lets nobody in without TLS."""
    settings = (
        "client_tls_sslmode = require",
        "client_tls_key_file = {folder}/server.key",
        "client_tls_cert_file = {folder}/server.crt",
    )
    files = (authority, authority.with_suffix(".key"))
    with pooler(postgres_url, *settings, files=files) as url:
        yield url


def refused(url: URL, **settings: str) -> str:
    """Return the words for what these settings meet."""
    engine = open_engine(read_settings(environ_of(url) | settings))
    _, words = refused_after(engine, "check_connection")
    engine.dispose()
    return words


@pytest.mark.parametrize(
    ("mode", "host"),
    [
        ("", "127.0.0.1"),
        ("require", "127.0.0.1"),
        ("verify-ca", "127.0.0.1"),
        ("verify-full", "localhost"),
    ],
)
def test_a_store_is_used_through_tls(tls_url: URL, authority: Path, mode: str, host: str):
    root = str(authority) if mode.startswith("verify") else ""
    settings = {"DB_SSLMODE": mode, "DB_SSLROOTCERT": root, "DB_HOST": host}

    engine = open_engine(read_settings(environ_of(tls_url) | settings))
    check_connection(engine)
    with engine.connect() as connection:
        is_encrypted = connection.connection.driver_connection.info.ssl_in_use  # type: ignore[union-attr]
    engine.dispose()

    assert is_encrypted


def test_tls_that_is_demanded_is_named(tls_url: URL):
    assert refused(tls_url, DB_SSLMODE="disable").endswith("set DB_SSLMODE=require")


def test_tls_that_a_server_does_not_offer_is_named(postgres_url: URL):
    said = refused(postgres_url, DB_SSLMODE="require")

    assert "it offers no TLS, which DB_SSLMODE asks for" in said


def test_a_certificate_of_an_unknown_authority_is_named(tls_url: URL, tmp_path: Path):
    other = made_certificate(tmp_path, "other", "DNS:localhost")

    said = refused(tls_url, DB_SSLMODE="verify-ca", DB_SSLROOTCERT=str(other))

    assert "signed by nobody in DB_SSLROOTCERT" in said


def test_a_certificate_for_another_name_is_named(tls_url: URL, authority: Path):
    said = refused(tls_url, DB_SSLMODE="verify-full", DB_SSLROOTCERT=str(authority))

    assert "its certificate is for another name than DB_HOST" in said


def test_a_file_that_holds_no_certificate_is_named(tls_url: URL, tmp_path: Path):
    (tmp_path / "empty.pem").write_text("nothing\n")

    said = refused(tls_url, DB_SSLMODE="verify-ca", DB_SSLROOTCERT=str(tmp_path / "empty.pem"))

    assert "DB_SSLROOTCERT must name a file of certificates" in said


@pytest.mark.parametrize("mode", ["", "disable"])
def test_a_wrong_password_is_not_taken_for_a_want_of_tls(tls_url: URL, mode: str):
    said = refused(tls_url, DB_PASSWORD="wrong", DB_SSLMODE=mode)

    assert "check DB_USER, DB_PASSWORD and DB_NAME" in said


def test_the_authorities_that_this_machine_trusts_do_not_know_a_certificate_of_ones_own(
    tls_url: URL,
):
    said = refused(tls_url, DB_HOST="localhost", DB_SSLMODE="verify-full", DB_SSLROOTCERT="system")

    assert "signed by nobody in DB_SSLROOTCERT" in said
