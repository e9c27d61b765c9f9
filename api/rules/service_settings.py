"""The settings of the service: who may change something, how often anybody may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SHORTEST_TOKEN = 16  # characters
MOST_PROXIES = 16
DEFAULT_RATE = 1200  # drawings a minute
MOST_RATE = 1_000_000
SWITCHES = {"1": True, "true": True, "yes": True, "on": True}
SWITCHES |= {"0": False, "false": False, "no": False, "off": False}


class ServiceSettingsError(ValueError):
    """A setting makes no sense or would not be safe; the message names it and the way out."""


@dataclass(frozen=True)
class ServiceSettings:
    """What a service is started with.

    token: what a program sends to change something; None where none is set. trusted_proxies: how
    many proxies of ours a request passes. metrics: whether `/metrics` answers. rate: drawings that
    one address may have read a minute, 0 for any number. is_on_loopback: whether nothing but this
    machine reaches the service, which who starts it knows.
    """

    token: str | None = None
    trusted_proxies: int = 0
    metrics: bool = False
    rate: int = DEFAULT_RATE
    is_on_loopback: bool = False


def read_service_settings(environ: Mapping[str, str], *, is_on_loopback: bool) -> ServiceSettings:
    """Return the settings; raise `ServiceSettingsError` for what makes no sense.

    environ: as `environment.read_environment` returns it.
    """
    token = environ.get("API_TOKEN")
    if token is not None and (len(token) < SHORTEST_TOKEN or not token.isascii() or " " in token):
        raise ServiceSettingsError(
            f"API_TOKEN must have at least {SHORTEST_TOKEN} characters of ASCII and no space: "
            "`openssl rand -hex 24` makes a good one"
        )
    proxies = environ.get("TRUSTED_PROXIES") or "0"
    if not _is_number(proxies, MOST_PROXIES):
        raise ServiceSettingsError(
            "TRUSTED_PROXIES must be the number of proxies in front of the service that are "
            f"yours, from 0 to {MOST_PROXIES}"
        )
    metrics = (environ.get("METRICS") or "0").strip().lower()
    if metrics not in SWITCHES:
        raise ServiceSettingsError("METRICS must be 1 (everyone may read them) or 0 (nobody)")
    rate = environ.get("API_RATE") or str(DEFAULT_RATE)
    if not _is_number(rate, MOST_RATE):
        raise ServiceSettingsError(
            f"API_RATE must be a number of drawings a minute, from 1 to {MOST_RATE:,}, or 0 for "
            "any number"
        )
    return ServiceSettings(token, int(proxies), SWITCHES[metrics], int(rate), is_on_loopback)


def _is_number(text: str, most: int) -> bool:
    return len(text) <= 9 and text.isascii() and text.isdigit() and int(text) <= most
