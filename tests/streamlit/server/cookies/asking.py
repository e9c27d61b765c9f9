"""A client that looks at the headers of an answer."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from contextlib import closing

from tests.browser.dashboard import Dashboard


def asked(
    dashboard: Dashboard,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Return status, headers and body of an answer; redirects are not followed."""
    with closing(http.client.HTTPConnection("127.0.0.1", dashboard.port, timeout=20)) as to:
        to.request(method, path, body, {"Host": f"localhost:{dashboard.port}", **(headers or {})})
        answer = to.getresponse()
        return answer.status, answer.headers, answer.read()
