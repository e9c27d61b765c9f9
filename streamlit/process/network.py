"""The network that reads: the one that WEIGHTS names, or what is live, ready at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine

from environment import project_path, read_environment
from model import Recogniser
from model.errors import WeightsError
from model.weight_files.card import Card
from model.weight_files.pair import read_to_predict
from model.weight_files.places import DEFAULT_WEIGHTS
from process.kept import choose_store
from serving.live.following import Following, Trouble
from serving.live.loading import follow_store, load_ready
from serving.live.once import Once


def weights_of(environ: Mapping[str, str]) -> Path | None:
    """Return the weights file that the settings name; None for what is live."""
    return project_path(environ["WEIGHTS"]) if "WEIGHTS" in environ else None


def recogniser_in_use() -> Recogniser:
    """Return the network that reads, for a route; raises WeightsError.

    It is loaded already where the server has started; otherwise this waits a second or two.
    """
    return open_recogniser(weights_of(read_environment()))


def open_recogniser(weights: Path | None) -> Recogniser:
    """Return the network with these weights, or with what is live; raises WeightsError.

    Nobody may keep it for longer than one reading: the next may be by another.
    """
    followed = _followed(weights)
    return _recognisers.get(weights) if followed is None else followed.recogniser()


def is_loaded(weights: Path | None) -> bool:
    """Return whether asking for these weights takes no time."""
    followed = _followed(weights)
    return _recognisers.has(weights) if followed is None else followed.is_loaded


def version_in_use(weights: Path | None) -> str | None:
    """Return the version that reads, as drawings are kept with it; None where nothing can read."""
    try:
        return open_recogniser(weights).card.version
    except WeightsError:
        return None


def trouble_with(weights: Path | None) -> Trouble | None:
    """Return why what is to be live is not; None where all is well, or WEIGHTS stands above."""
    followed = _followed(weights)
    return None if followed is None else followed.trouble


def look_everywhere() -> None:
    """Follow at once, in this process, what was just promoted or rolled back."""
    followed = _followed(weights_of(read_environment()))
    if followed is not None:
        followed.look()


def shipped_card() -> Card:
    """Return the card of the weights of this release; raises WeightsError."""
    return _cards.get(DEFAULT_WEIGHTS)


def follow(weights: Path | None) -> None:
    """Follow what is live from now on, where the settings leave that open."""
    followed = _followed(weights)
    if followed is not None:
        followed.begin()


def forget_recognisers() -> None:
    """Follow nothing any more, and load anew at the next call; at the end, and for tests."""
    for followed in _followings.forget():
        followed.end()
    _recognisers.forget()


def _followed(weights: Path | None) -> Following | None:
    """Return what follows the store; None where WEIGHTS stands above, or nothing is kept."""
    if weights is not None:
        return None
    engine = choose_store(read_environment()).engine
    return None if engine is None else _followings.get(engine)


def _follow(engine: Engine) -> Following:
    return follow_store(engine, lambda: _recognisers.get(None))


_recognisers = Once(load_ready)
_cards: Once[Path, Card] = Once(lambda path: read_to_predict(path)[1])
_followings = Once(_follow)
