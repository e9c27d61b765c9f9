"""What every request passes before Streamlit or a route of ours sees it."""

from __future__ import annotations

import sys

from starlette.middleware import Middleware

from environment import read_environment
from server.embedding import BadEmbedding, embedding_origins
from server.forged_messages import ForgedMessages
from server.headers import SecurityHeaders
from server.same_origin import SameOrigin
from server.upload_limit import UploadLimit


def middleware() -> list[Middleware]:
    """Return the middleware of our own, outermost first; a wrong setting ends the program."""
    try:
        embedding = embedding_origins(read_environment().get("EMBED_ORIGINS"))
    except BadEmbedding as error:
        sys.exit(str(error))
    return [
        Middleware(SecurityHeaders, embedding=embedding),
        Middleware(SameOrigin),
        Middleware(UploadLimit),
        Middleware(ForgedMessages),
    ]
