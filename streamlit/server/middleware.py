"""What every request passes before Streamlit or a route of ours sees it."""

from __future__ import annotations

import sys

from starlette.middleware import Middleware

from environment import read_environment
from guards.closed_metrics import ClosedMetrics
from guards.embedding import BadEmbedding, embedding_origins
from guards.forged_messages import ForgedMessages
from guards.headers import SecurityHeaders
from guards.real_client import RealClient
from guards.same_origin import SameOrigin
from guards.upload_address import RealSession, session_names
from guards.upload_limit import UploadLimit
from guards.visitor_cookie import VisitorCookie
from server.checked_start import access_settings


def middleware() -> list[Middleware]:
    """Return the middleware of our own, outermost first; a wrong setting ends the program."""
    settings = access_settings()
    try:
        embedding = embedding_origins(read_environment().get("EMBED_ORIGINS"))
    except BadEmbedding as error:
        sys.exit(str(error))
    return [
        Middleware(SecurityHeaders, embedding=embedding),
        Middleware(RealClient, trusted_proxies=settings.trusted_proxies),
        Middleware(SameOrigin),
        Middleware(VisitorCookie),
        Middleware(RealSession, names=session_names()),
        *([] if settings.metrics else [Middleware(ClosedMetrics)]),
        Middleware(UploadLimit),
        Middleware(ForgedMessages),
    ]
