"""What the start says on the terminal: the address, and who may see everyone's drawings."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from access.operator_link import PATH, operator_link
from environment import read_environment
from feedback.connection.settings import StoreSettings, read_settings
from feedback.errors import SettingsError
from server.address import is_open_to_others, own_address
from server.checked_start import access_settings

log = logging.getLogger(__name__)

LINK_FILE = ".operator-link"  # beside the embedded store, whose reader sees all drawings anyway


def has_operator_link(environ: Mapping[str, str] | None = None) -> bool:
    """Return whether a link makes the operator: over an embedded store without a password."""
    settings = _store_settings(read_environment() if environ is None else environ)
    return (
        settings is not None
        and settings.kind == "sqlite"
        and access_settings().operator_password is None
    )


@contextmanager
def announced() -> Iterator[None]:
    """Say where the dashboard is and how its operator gets in, for as long as it runs.

    The link is a secret. Where the output is a terminal it is printed; everywhere else the output
    is somebody's log, and the link goes to a file that only this user can read.
    """
    address = own_address()
    others = ", also for other machines that reach this one" if is_open_to_others() else ""
    _say(f"Inkling is at {address}{others} (Ctrl-C stops it)")
    environ = read_environment()
    try:
        settings = read_settings(environ)
    except SettingsError:
        yield  # the line about the start says what is wrong
        return
    if not has_operator_link(environ):
        if settings.kind == "postgresql" and access_settings().operator_password is None:
            _say("Nobody may see everyone's drawings: OPERATOR_PASSWORD is not set")
        yield
        return
    link = f"{address}{PATH}#token={operator_link().token}"
    if sys.stdout is not None and sys.stdout.isatty():
        _say(f"Everyone's drawings, until it is stopped: {link}")
        yield
        return
    with _in_a_file(settings, link):
        yield


def _say(words: str) -> None:
    """Say something to whoever looks at the output; where each line is parsed, as a record."""
    if (read_environment().get("LOG_FORMAT") or "").strip().lower() == "json":
        log.info("%s", words)
    else:
        print(words, flush=True)


@contextmanager
def _in_a_file(settings: StoreSettings, link: str) -> Iterator[None]:
    """Write the link beside the store while the server runs, and say where."""
    path = Path(f"{settings.url.database if settings.url else ''}{LINK_FILE}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # never into a file, or through a link, of somebody else
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(link + "\n")
    except OSError as error:
        _say(
            f"Nobody may see everyone's drawings: {path} cannot be written ({error.strerror}), "
            "and OPERATOR_PASSWORD is not set",
        )
        yield
        return
    _say(f"Everyone's drawings, until it is stopped: the link is in {path}")
    try:
        yield
    finally:
        _remove(path, link)


def _remove(path: Path, link: str) -> None:
    """Remove the file, unless another server has put its own link there since."""
    try:
        if path.read_text().strip() == link:
            path.unlink()
    except OSError:
        log.info("the operator's link had been taken away already")


def _store_settings(environ: Mapping[str, str]) -> StoreSettings | None:
    try:
        return read_settings(environ)
    except SettingsError:
        return None
