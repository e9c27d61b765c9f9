"""The settings that say who may see what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SHORTEST_PASSWORD = 12  # characters
MOST_PROXIES = 16
SWITCHES = {"1": True, "true": True, "yes": True, "on": True}
SWITCHES |= {"0": False, "false": False, "no": False, "off": False}


class AccessError(ValueError):
    """A setting would let in whoever should stay out; the message names it and the way out."""


@dataclass(frozen=True)
class AccessSettings:
    """Who may see what.

    operator_password: opens everyone's drawings; None where none is set. trusted_proxies: how many
    proxies of ours a request passes. metrics: whether `/_stcore/metrics` answers.
    """

    operator_password: str | None = None
    trusted_proxies: int = 0
    metrics: bool = False


def read_access(environ: Mapping[str, str]) -> AccessSettings:
    """Return the settings; raise `AccessError` for one that is not safe or makes no sense.

    environ: as `environment.read_environment` returns it.
    """
    password = environ.get("OPERATOR_PASSWORD")
    if password is not None and len(password.strip()) < SHORTEST_PASSWORD:
        raise AccessError(
            f"OPERATOR_PASSWORD has fewer than {SHORTEST_PASSWORD} characters and could be "
            "guessed. A good one is made by `openssl rand -hex 24`, or by "
            '`python -c "import secrets; print(secrets.token_hex(24))"`'
        )
    proxies = environ.get("TRUSTED_PROXIES") or "0"
    if not (len(proxies) <= 2 and proxies.isascii() and proxies.isdigit()) or (
        int(proxies) > MOST_PROXIES
    ):
        raise AccessError(
            "TRUSTED_PROXIES must be the number of proxies in front of the dashboard that are "
            f"yours, from 0 to {MOST_PROXIES}"
        )
    metrics = (environ.get("METRICS") or "0").strip().lower()
    if metrics not in SWITCHES:
        raise AccessError("METRICS must be 1 (everyone may read them) or 0 (nobody)")
    return AccessSettings(password, int(proxies), SWITCHES[metrics])
