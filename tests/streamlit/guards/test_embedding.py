"""Which sites may show the dashboard in a frame of theirs."""

from __future__ import annotations

import pytest

from guards.embedding import BadEmbedding, embedding_origins


@pytest.mark.parametrize("setting", [None, "", "  ", ","])
def test_without_the_setting_nobody_may(setting: str | None) -> None:
    assert embedding_origins(setting) == ()


def test_several_are_parted_by_spaces_or_commas() -> None:
    named = embedding_origins("https://www.example.org, http://localhost:8000")

    assert named == ("https://www.example.org", "http://localhost:8000")


@pytest.mark.parametrize(
    "setting",
    [
        "*",
        "https://*.example.org",
        "example.org",
        "https://example.org/",
        "https://example.org/page",
        "ftp://example.org",
        "https://me@example.org",
        "https://example.org;script-src",
        "'self'",
    ],
)
def test_what_is_no_origin_is_refused_with_an_example(setting: str) -> None:
    with pytest.raises(BadEmbedding, match="EMBED_ORIGINS names origins such as https://"):
        embedding_origins(setting)
