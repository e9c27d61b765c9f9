"""What the start says on the terminal: the address, and who may see everyone's drawings."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from access.operator_link import PATH, operator_link
from environment import read_environment
from server.address import is_open_to_others, own_address
from server.checked_start import access_settings

if TYPE_CHECKING:
    from feedback.connection.settings import StoreSettings

log = logging.getLogger(__name__)

LINK_FILE = ".operator-link"  # beside the embedded store, whose reader sees all drawings anyway
JOIN_S = 5.0


def has_operator_link() -> bool:
    """Return whether a link makes the operator: over an embedded store without a password."""
    settings = _store_settings()
    return (
        settings is not None
        and settings.kind == "sqlite"
        and access_settings().operator_password is None
    )


@contextmanager
def announced() -> Iterator[None]:
    """Say where the dashboard is and how its operator gets in, for as long as it runs.

    The second takes a second thread: reading the store's settings loads SQLAlchemy, and the server
    answers before that.
    """
    address = own_address()
    others = ", also for other machines that reach this one" if is_open_to_others() else ""
    _say(f"Inkling is at {address}{others} (Ctrl-C stops it)")
    offer = _Offer(f"{address}{PATH}#token={operator_link().token}")
    thread = threading.Thread(target=offer.make, name="operator-link", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(JOIN_S)
        offer.withdraw()


class _Offer:
    """The operator's link, a secret, given to whoever started the dashboard and to nobody else.

    Where the output is a terminal it is printed; everywhere else the output is somebody's log, and
    the link goes to a file that only this user can read.
    """

    def __init__(self, link: str) -> None:
        self._link = link
        self._file: Path | None = None

    def make(self) -> None:
        """Print the link or write it to its file; say so where nobody becomes the operator."""
        settings = _store_settings()
        if settings is None or settings.kind == "none":
            return  # the line about the start says what is wrong, if anything is
        if not has_operator_link():
            if access_settings().operator_password is None:
                _say("Nobody may see everyone's drawings: OPERATOR_PASSWORD is not set")
            return
        if sys.stdout is not None and sys.stdout.isatty():
            _say(f"Everyone's drawings, until it is stopped: {self._link}")
            return
        self._write(Path(f"{settings.url.database if settings.url else ''}{LINK_FILE}"))

    def _write(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # never into a file, or through a link, of somebody else
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(self._link + "\n")
        except OSError as error:
            _say(
                f"Nobody may see everyone's drawings: {path} cannot be written "
                f"({error.strerror}), and OPERATOR_PASSWORD is not set"
            )
            return
        self._file = path
        _say(f"Everyone's drawings, until it is stopped: the link is in {path}")

    def withdraw(self) -> None:
        """Remove the file, unless another server has put its own link there since."""
        if self._file is None:
            return
        try:
            if self._file.read_text().strip() == self._link:
                self._file.unlink()
        except OSError:
            log.info("the operator's link had been taken away already")


def _say(words: str) -> None:
    """Say something to whoever looks at the output; where each line is parsed, as a record."""
    if (read_environment().get("LOG_FORMAT") or "").strip().lower() == "json":
        log.info("%s", words)
    else:
        print(words, flush=True)


def _store_settings() -> StoreSettings | None:
    """Return where drawings are kept; None where the settings are wrong."""
    from feedback.connection.settings import read_settings
    from feedback.errors import SettingsError

    try:
        return read_settings(read_environment())
    except SettingsError:
        return None
