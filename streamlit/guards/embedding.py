"""Which other sites may show the dashboard in a frame of theirs: the setting EMBED_ORIGINS."""

from __future__ import annotations

from urllib.parse import urlsplit


class BadEmbedding(ValueError):
    """EMBED_ORIGINS names something that is no origin; the message says what."""


def embedding_origins(setting: str | None) -> tuple[str, ...]:
    """Return the origins that a setting names, `https://host[:port]` each; raises BadEmbedding.

    setting: parted by spaces or commas; None or nothing in it: no other site may.
    """
    origins = (setting or "").replace(",", " ").split()
    for origin in origins:
        parts = urlsplit(origin)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.username is not None
            or origin != f"{parts.scheme}://{parts.netloc}"
            or any(letter in origin for letter in "*;'\"")
        ):
            raise BadEmbedding(
                "EMBED_ORIGINS names origins such as https://www.example.org, without a path: "
                f"{origin!r} is none"
            )
    return tuple(origins)
