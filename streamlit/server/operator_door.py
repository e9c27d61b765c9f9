"""The page behind the operator's link: one button, which gives the browser its cookie."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from access.browser_cookies import came_by_tls
from access.operator_link import OperatorLink, cookie_name
from base_path import base_path
from serving.connections.addresses import UNKNOWN

log = logging.getLogger(__name__)

LONGEST_FORM = 1024  # bytes; ours has some 50
LANDING = "/history"

# The token stands behind a `#`: no browser sends that part to any server, so that neither ours nor
# a proxy's log can have it. The script moves it from the address into the form at once.
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Operator · Inkling</title>
<style nonce="{nonce}">
  :root {{ color-scheme: light dark }}
  body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 18vh auto;
    padding: 0 1.2rem }}
  button {{ font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: .6rem;
    background: #5a4bc4; color: #fff; cursor: pointer }}
</style>
<h1>{title}</h1>
<p>{words}</p>
{form}
</html>
"""
FORM = """<form method="post" hidden>
<input type="hidden" name="token">
<button autofocus>Become the operator</button>
</form>
<noscript>This page needs JavaScript, as the dashboard does.</noscript>
<script nonce="{nonce}">
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  history.replaceState(null, "", location.pathname);
  const form = document.querySelector("form");
  form.elements.token.value = given ?? "";
  form.hidden = false;
</script>"""
WELCOME = (
    "This browser will see everyone's drawings, and may export them, until the dashboard is "
    "stopped or you sign out on the History page."
)
REFUSED = (
    "It belongs to a dashboard that has been stopped since, or it is not complete. Open the one "
    "that was printed at the latest start."
)


async def operator_door(request: Request, link: OperatorLink, port: int) -> Response:
    """Show the button; on its POST give the cookie and lead on to everyone's drawings."""
    if request.method != "POST":
        return _page("Inkling's operator", WELCOME, with_form=True)
    cookie = link.redeem(await _posted_token(request))
    if cookie is None:
        client = request.client.host if request.client else UNKNOWN
        log.warning("wrong operator's link from %s", client)
        return _page("That link does not open anything", REFUSED, status=403)
    answer = RedirectResponse(base_path() + LANDING, status_code=303, headers=_headers())
    answer.set_cookie(
        cookie_name(port),
        cookie,
        path=base_path() or "/",
        httponly=True,
        samesite="strict",
        secure=came_by_tls(request.url.scheme, request.headers.get("x-forwarded-proto")),
    )
    return answer


async def _posted_token(request: Request) -> str:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return ""
    fields = parse_qs(body.decode("utf-8", "replace"))
    return fields.get("token", [""])[0]


def _page(title: str, words: str, *, with_form: bool = False, status: int = 200) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    form = FORM.format(nonce=nonce) if with_form else ""
    content = PAGE.format(nonce=nonce, title=title, words=words, form=form)
    return HTMLResponse(content, status_code=status, headers=_headers(nonce))


def _headers(nonce: str = "") -> dict[str, str]:
    """Return what keeps the page out of caches, frames and other sites' logs."""
    own = f"'nonce-{nonce}'" if nonce else "'none'"
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": f"default-src 'none'; style-src {own}; script-src {own}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        # Without any referrer a browser would not say either from where the form is sent.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
