"""The gate that every request passes: how large its body may be, and how often it may come."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rules.allowances import Allowances
from api.rules.authority import has_token
from api.rules.problems import Problem, answer_problem
from api.rules.service_settings import ServiceSettings
from serving.connections.addresses import client_address, limited_as

MOST_BYTES = 5 * 1024 * 1024
TOO_LARGE = f"a request has at most {MOST_BYTES // 1024 // 1024} MB: send fewer or smaller pictures"
TOO_OFTEN = (
    "too many drawings from this address: try again in {} s, or send the service's token, which is "
    "not limited"
)
OPEN = ("/healthz", "/readyz", "/metrics")  # asked by machines, again and again
PAYS = "inkling_pays"  # in a request's scope: the address that pays for its drawings


class Gate:
    """An ASGI middleware that lets through what is small enough and does not come too often."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings, allowances: Allowances) -> None:
        """app: what lies behind the gate."""
        self._app, self._settings, self._allowances = app, settings, allowances

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 or 429, or hand the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            headers = Headers(scope=scope)
            _check_length(headers.get("content-length"))
            if scope["path"] not in OPEN and not has_token(headers, self._settings):
                address = client_address(scope, self._settings.trusted_proxies)
                scope[PAYS] = limited_as(address)
                pay(scope, self._allowances, 1)
        except Problem as problem:
            await answer_problem(problem)(scope, receive, send)
            return
        await self._app(scope, _counted(receive), send)


def pay(scope: Scope, allowances: Allowances, drawings: int) -> None:
    """Take drawings from the allowance of whoever asks; raise `Problem` where it is used up."""
    address = scope.get(PAYS)
    if address is None or drawings <= 0:
        return
    wait_s = allowances.take(address, drawings)
    if wait_s:
        raise Problem(429, TOO_OFTEN.format(wait_s), headers={"Retry-After": str(wait_s)})


def _check_length(said: str | None) -> None:
    """Refuse by the header, before anything is read; what it does not say is counted."""
    if (
        said is not None
        and said.isascii()
        and said.isdigit()
        and (len(said) > 12 or int(said) > MOST_BYTES)
    ):
        raise Problem(413, TOO_LARGE, headers={"Connection": "close"})


def _counted(receive: Receive) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BYTES:
            raise Problem(413, TOO_LARGE, headers={"Connection": "close"})
        return message

    return counted
