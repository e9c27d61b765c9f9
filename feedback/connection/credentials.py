"""How the settings say who logs in to PostgreSQL, and how safely."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from environment import project_path
from feedback.errors import SettingsError

TLS_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")  # libpq's
SWITCHES = {"1": True, "true": True, "yes": True, "on": True}
SWITCHES |= {"0": False, "false": False, "no": False, "off": False, "none": False}


def switch(environ: Mapping[str, str], key: str, *, default: bool) -> bool:
    """Return whether a setting says yes; raise `SettingsError` where it says neither yes nor no."""
    text = environ.get(key)
    if not text:
        return default
    if text.lower() not in SWITCHES:
        raise SettingsError(f"{key} must be 1 (yes) or 0 (no), but is {text[:40]!r}")
    return SWITCHES[text.lower()]


def password_of(environ: Mapping[str, str]) -> str | None:
    """Return DB_PASSWORD; None where DB_PASSWORDLESS says that the login needs none.

    Raises `SettingsError` where both are set: one of them is not meant.
    """
    password = environ.get("DB_PASSWORD")
    if password and switch(environ, "DB_PASSWORDLESS", default=False):
        raise SettingsError("DB_PASSWORDLESS=1 and DB_PASSWORD contradict each other: set one")
    return password


def tls_options(environ: Mapping[str, str]) -> dict[str, str]:
    """Return libpq's options for TLS: those that are set.

    Raises `SettingsError` for a mode that libpq does not know, a check of certificates with
    nothing to check them by, and a DB_SSLROOTCERT that leads to no file.
    """
    mode, root = environ.get("DB_SSLMODE"), environ.get("DB_SSLROOTCERT")
    if mode and mode not in TLS_MODES:
        raise SettingsError(f"DB_SSLMODE must be one of {', '.join(TLS_MODES)}: {mode[:40]!r}")
    if mode in ("verify-ca", "verify-full") and not root:
        raise SettingsError(
            f"DB_SSLMODE={mode} needs DB_SSLROOTCERT: the file with the certificate of the "
            "authority that signed the server's, or `system` for those that this machine trusts"
        )
    if root == "system" and mode != "verify-full":
        raise SettingsError("DB_SSLROOTCERT=system needs DB_SSLMODE=verify-full")
    options = {"sslmode": mode} if mode else {}
    if root == "system":
        # By itself a libpq from a wheel looks where its OpenSSL was built, and finds nothing.
        return options | {"sslrootcert": ssl.get_default_verify_paths().cafile or root}
    return options | ({"sslrootcert": str(_file(root))} if root else {})


def _file(root: str) -> Path:
    path = project_path(root)
    if not path.is_file():
        raise SettingsError("DB_SSLROOTCERT names no file that is there")
    return path
