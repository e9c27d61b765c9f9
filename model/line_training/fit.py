"""How both networks and the prior are put together: fitted on lines that no network learnt from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

from model.datasets.alphabet import merge
from model.writing.scores import Candidates
from model.writing.scoring import Scoring

# What candidates are looked for with, before anything is fitted.
FIRST = Scoring(
    strip=0.5, path=0.5, prior=0.5, bonus=1.0, temperature=1.0, sure_threshold=1.0, refusal=0.0
)
FIRST_WITHOUT_PATH = replace(FIRST, strip=1.0, path=0.0)
SURE_RIGHT = 0.98  # how often a text that is called sure must be right
ACCEPTED = 0.99  # share of real lines that must not be refused
RIDGE = 1e-3


@dataclass(frozen=True)
class Proposed:
    """A line's candidates, and what it says."""

    candidates: Candidates
    text: str


def fit_scoring(groups: Mapping[str, Sequence[Proposed]]) -> Scoring:
    """Return the scoring under which the groups' texts are the likeliest; all groups count alike.

    groups: of lines with their candidates; those whose text is among no candidates count for the
    temperature and the threshold alone.
    """
    has_path = all(one.candidates.path is not None for some in groups.values() for one in some)

    def scoring(numbers: NDArray[np.float64]) -> Scoring:
        strip, path, prior, bonus = numbers
        return replace(FIRST, strip=abs(strip), path=abs(path) if has_path else 0.0,
                       prior=abs(prior), bonus=bonus)  # fmt: skip

    known = {
        name: [
            (one.candidates, one.candidates.texts.index(one.text))
            for one in some
            if one.text in one.candidates.texts
        ]
        for name, some in groups.items()
    }

    def loss(numbers: NDArray[np.float64]) -> float:
        told = scoring(numbers)
        losses = [
            -np.mean([log_softmax(found.scores(told))[place] for found, place in some])
            for some in known.values()
            if some
        ]
        # Of networks that know nothing yet no text is found: then nothing speaks for any number.
        return float((np.mean(losses) if losses else 0.0) + RIDGE * (numbers**2).sum())

    start = np.array([0.6, 0.6, 0.5, 1.0])
    best = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 250, "xatol": 1e-3})
    fitted = scoring(best.x)
    fitted = replace(fitted, temperature=_temperature(groups, fitted))
    return replace(fitted, sure_threshold=_sure_from(groups, fitted), refusal=_refusal(groups))


def confidences(
    some: Sequence[Proposed], scoring: Scoring, alike: Callable[[str], str] = str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how sure the likeliest text of each line is, and whether it is right.

    alike: what of a text counts, `merge` say, where the case that nobody sees does not.
    """
    sure, right = [], []
    for one in some:
        shares = one.candidates.shares(scoring)
        best = int(shares.argmax())
        sure.append(float(shares[best]))
        right.append(alike(one.candidates.texts[best]) == alike(one.text))
    return np.array(sure), np.array(right, bool)


def _temperature(groups: Mapping[str, Sequence[Proposed]], scoring: Scoring) -> float:
    """Return the temperature at which confidence surprises the least, of all groups alike."""

    def loss(log_temperature: float) -> float:
        told = replace(scoring, temperature=float(np.exp(log_temperature)))
        losses = []
        for some in groups.values():
            sure, right = confidences(some, told)
            sure = sure.clip(1e-6, 1 - 1e-6)
            losses.append(-np.where(right, np.log(sure), np.log(1 - sure)).mean())
        return float(np.mean(losses))

    best = minimize_scalar(loss, bounds=(np.log(0.2), np.log(8)), method="bounded",
                           options={"maxiter": 25})  # fmt: skip
    return float(np.exp(best.x))


def _sure_from(groups: Mapping[str, Sequence[Proposed]], scoring: Scoring) -> float:
    """Return the lowest confidence from which on every group's texts are right often enough."""
    thresholds = []
    for some in groups.values():
        sure, right = confidences(some, scoring, merge)
        order = np.argsort(-sure, kind="stable")
        shares = right[order].cumsum() / np.arange(1, len(order) + 1)
        enough = np.flatnonzero(shares >= SURE_RIGHT)
        thresholds.append(float(sure[order][enough[-1]]) if len(enough) else 1.0)
    return max(thresholds)


def _refusal(groups: Mapping[str, Sequence[Proposed]]) -> float:
    """Return the doubt that all but a few of each group's lines stay below."""
    return max(
        float(np.quantile([one.candidates.doubt() for one in some], ACCEPTED)) + 1e-6
        for some in groups.values()
    )
