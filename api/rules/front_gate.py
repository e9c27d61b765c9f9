"""The gate that every request passes: how large its body may be, and how often it may come."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rules.allowances import Allowances
from api.rules.authority import has_token
from api.rules.incoming import CLOSE, MOST_BYTES, TOO_LARGE, Incoming
from api.rules.problems import Problem, answer_problem
from api.rules.service_settings import ServiceSettings
from serving.connections.addresses import client_address, limited_as

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
        headers, incoming = Headers(scope=scope), Incoming(receive)
        if scope["method"] == "HEAD":  # of HTTP: GET without the body, which the server leaves out
            scope = {**scope, "method": "GET"}
        # Who asks first whether to send a body sends none where the answer is another one.
        send = _relative(send if "expect" in headers else incoming.after_all(send))
        try:
            _check_length(headers.get("content-length"))
            if scope["path"] not in OPEN and not has_token(headers, self._settings):
                address = client_address(scope, self._settings.trusted_proxies)
                scope[PAYS] = limited_as(address)
                pay(scope, self._allowances, 1)
        except Problem as problem:
            await answer_problem(problem)(scope, receive, send)
            return
        await self._app(scope, incoming.receive, send)


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
        raise Problem(413, TOO_LARGE, headers=CLOSE)


def _relative(send: Send) -> Send:
    """Return what sends an answer; where it leads elsewhere, to this very server.

    Otherwise the way would be made of the Host that was asked for: another one where somebody
    chose it, and without TLS behind a proxy.
    """

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 307:
            headers = MutableHeaders(raw=message["headers"])
            way = urlsplit(headers.get("location", ""))
            headers["location"] = urlunsplit(("", "", way.path, way.query, ""))
        await send(message)

    return sent
