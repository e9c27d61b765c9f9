"""What a search may be asked for: members, and a grid for each. Quick to load."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.ensemble.member_card import Value
from model.ensemble.member_names import MEMBERS

SEARCH_IMAGES = 10_000  # that a search takes by default, and all that a small training takes
FEWEST_IMAGES = 200  # that folds and ten classes can be made of
MOST_FOLDS, MOST_CANDIDATES = 20, 1000
Is = Callable[[Value], bool]


class BadGrid(ValueError):
    """A grid that no search could follow; the message names model and parameter, in a sentence."""


@dataclass(frozen=True)
class Kind:
    """Values that a parameter takes."""

    words: str
    takes: Is


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def whole(least: int, most: int) -> Kind:
    """Return whole numbers from `least` to `most`."""
    return Kind(
        f"whole numbers from {least} to {most:,}",
        lambda value: _is_whole(value) and least <= value <= most,  # type: ignore[operator]
    )


def number(above: float, most: float, *, with_least: bool = False) -> Kind:
    """Return numbers above `above`, or from it on, up to `most`."""
    words = f"numbers {'from' if with_least else 'above'} {above:g}, {most:g} at most"

    def takes(value: Value) -> bool:
        if not _is_number(value):
            return False
        assert isinstance(value, int | float), "a number is one of these"
        return (value >= above if with_least else value > above) and value <= most

    return Kind(words, takes)


def one_of(*names: str) -> Kind:
    """Return some words."""
    words = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return Kind(words, lambda value: isinstance(value, str) and value in names)


def either(*kinds: Kind) -> Kind:
    """Return values of any of several kinds."""
    return Kind(
        ", or ".join(kind.words for kind in kinds),
        lambda value: any(kind.takes(value) for kind in kinds),
    )


NOTHING = Kind("null", lambda value: value is None)
OF_NETWORKS = {
    "batch_size": whole(1, 10_000),
    "epochs": whole(1, 1000),
    "optimizer": one_of("adam", "rmsprop", "sgd"),
    "learning_rate": either(number(0, 10), NOTHING),
}
PARAMETERS: dict[str, dict[str, Kind]] = {
    "fcnn": OF_NETWORKS,
    "xgboost": {
        "n_estimators": whole(1, 10_000),
        "max_depth": either(whole(0, 100), NOTHING),
        "learning_rate": number(0, 10),
        "min_child_weight": number(0, 1e6, with_least=True),
        "gamma": number(0, 1e6, with_least=True),
        "subsample": number(0, 1),
        "colsample_bytree": number(0, 1),
        "colsample_bynode": number(0, 1),
        "reg_alpha": number(0, 1e6, with_least=True),
        "reg_lambda": number(0, 1e6, with_least=True),
        "max_bin": whole(2, 256),
    },
    "rf": {
        "n_estimators": whole(1, 10_000),
        "max_depth": either(whole(1, 10_000), NOTHING),
        "min_samples_split": either(whole(2, 1_000_000), number(0, 1)),
        "min_samples_leaf": either(whole(1, 1_000_000), number(0, 1)),
        "max_features": either(whole(1, 784), number(0, 1), one_of("sqrt", "log2"), NOTHING),
        "max_leaf_nodes": either(whole(2, 1_000_000), NOTHING),
        "criterion": one_of("entropy", "gini", "log_loss"),
        "bootstrap": Kind("true or false", lambda value: isinstance(value, bool)),
    },
    "svm": {
        "C": number(0, 1e9),
        "gamma": either(number(0, 1e6), one_of("scale", "auto")),
        "kernel": one_of("rbf", "linear", "poly", "sigmoid"),
        "degree": whole(1, 20),
        "coef0": number(-1e6, 1e6, with_least=True),
    },
    "cnn": OF_NETWORKS,
}
_NETWORKS_GRID: dict[str, list[Value]] = {
    "batch_size": [32, 64, 128],
    "epochs": [5, 10],
    "optimizer": ["adam", "rmsprop"],
}
DEFAULT_GRIDS: dict[str, dict[str, list[Value]]] = {
    "fcnn": _NETWORKS_GRID,
    "xgboost": {"max_depth": [3, 6], "learning_rate": [0.1, 0.3], "n_estimators": [50, 100]},
    "rf": {
        "n_estimators": [50, 75, 100],
        "max_depth": [None, 10, 20],
        "min_samples_split": [2, 5, 10],
    },
    "svm": {"C": [1, 10, 100], "gamma": [0.1, 0.01], "kernel": ["rbf"]},
    "cnn": _NETWORKS_GRID,
}


@dataclass(frozen=True)
class Grid:
    """What is tried for one member: every combination, on each of `cv` stratified folds.

    n_jobs: candidates in training at a time, as joblib counts: -1 for as many as there are cores.
    """

    param: Mapping[str, Sequence[Value]]
    n_jobs: int = -1
    cv: int = 3

    @property
    def candidates(self) -> int:
        """Return how many combinations there are."""
        return math.prod(len(values) for values in self.param.values())


@dataclass(frozen=True)
class Request:
    """A whole tuning. Raises BadGrid for one that cannot be.

    grids: by member; at least one. small: winners are trained on `subset` images too, rather than
    on all; subset: images of the search.
    """

    grids: Mapping[str, Grid] = field(
        default_factory=lambda: {name: Grid(DEFAULT_GRIDS[name]) for name in MEMBERS}
    )
    small: bool = False
    subset: int = SEARCH_IMAGES
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every grid, and put members into their usual order, without repeated values."""
        if not self.grids:
            raise BadGrid("there is no model to tune: name one or more of " + ", ".join(MEMBERS))
        if self.subset < FEWEST_IMAGES:
            raise BadGrid(f"the search takes {FEWEST_IMAGES} images or more, not {self.subset}")
        if not 0 <= self.seed < 2**32:
            raise BadGrid(f"the seed must be from 0 to {2**32 - 1}, not {self.seed}")
        for name in self.grids:
            check_member(name)
        checked = {
            name: checked_grid(name, self.grids[name]) for name in MEMBERS if name in self.grids
        }
        object.__setattr__(self, "grids", checked)


def check_member(name: str) -> None:
    """Raise BadGrid for a model that nobody knows."""
    if name not in MEMBERS:
        raise BadGrid(f"{_cut(name)} is no model: there are {', '.join(MEMBERS)}")


def checked_grid(name: str, grid: Grid) -> Grid:
    """Return a member's grid without repeated values; raise BadGrid for what cannot be tried."""
    if not isinstance(grid.param, Mapping):
        raise BadGrid(f"{name}: a grid maps names of parameters to lists of values")
    if not grid.param:
        raise BadGrid(f"{name} has no grid: name a parameter, of {', '.join(PARAMETERS[name])}")
    if not _is_whole(grid.cv) or not 2 <= grid.cv <= MOST_FOLDS:
        raise BadGrid(f"{name}: cv must be 2 to {MOST_FOLDS} folds, not {_shown(grid.cv)}")
    if not _is_whole(grid.n_jobs) or grid.n_jobs == 0 or abs(grid.n_jobs) > 1024:
        raise BadGrid(
            f"{name}: n_jobs must be 1 or more, or -1 for all cores, not {_shown(grid.n_jobs)}"
        )
    param = {key: _checked_values(name, key, values) for key, values in grid.param.items()}
    checked = Grid(param, grid.n_jobs, grid.cv)
    if checked.candidates > MOST_CANDIDATES:
        raise BadGrid(
            f"{name}: {checked.candidates:,} combinations are more than the {MOST_CANDIDATES:,} "
            "that a search takes"
        )
    return checked


def _checked_values(name: str, key: str, values: Any) -> list[Value]:
    known = PARAMETERS[name]
    if key not in known:
        raise BadGrid(f"{name} has no parameter {_cut(key)}: there are {', '.join(known)}")
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise BadGrid(f"{name}: {key} takes a list of values, not {_shown(values)}")
    if not values:
        raise BadGrid(f"{name}: {key} has an empty list: give a value or more")
    for value in values:
        if not known[key].takes(value):
            raise BadGrid(f"{name}: {key} takes {known[key].words}, not {_shown(value)}")
    # 1 and 1.0 are the same to a model; True is no number here, as the kinds see to.
    return list(dict.fromkeys(values))


def _shown(value: object) -> str:
    """Return a value as JSON writes it, as far as a sentence has room for it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
