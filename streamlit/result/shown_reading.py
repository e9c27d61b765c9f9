"""What was read, in the words and shares in which the page shows it: the browser adds none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.reading.recogniser import Prediction
from words.names import named
from words.percent import percent
from words.sentences import as_sentence

Shown = dict[str, Any]  # JSON; what `browser/card.js` draws

MOST_CANDIDATES = 3
FEWEST_CANDIDATES = 2
LEAST_SHARE = 0.1  # of the best one's probability: what is less likely is no third candidate
NO_DIGIT = "I am not sure that it is a digit"
ONE_DIGIT = "Draw one digit at a time"


def in_words(prediction: Prediction) -> Shown:
    """Return a prediction to show: one digit, two or three to choose from, or none.

    kind: "sure", "open" or "refused". label: empty where several characters are drawn. line: what
    stands beside it. candidates: name and share of each, the likeliest first. bars: for each class
    its name, its share from 0 to 1, and that in words. question: what is asked, where there are
    two likely answers. spoken, barsSpoken: the same for those who listen.
    """
    label, share = prediction.label, as_percentage(prediction.confidence)
    shares = prediction.probabilities
    either = candidates(shares) if prediction.is_digit and not prediction.sure else []
    if prediction.several is not None:
        kind, line = "refused", f"{how_many(prediction.several)}. {ONE_DIGIT}"
        question = ""
        spoken = f"{line}."
    elif not prediction.is_digit:
        kind, line = "refused", f"Looks like {named(int(label))}, but {NO_DIGIT}"
        question = "Is it one?"
        spoken = f"{line}. {question}"
    elif prediction.sure:
        kind, line = "sure", f"{share} sure"
        question, spoken = "", f"I read {label}, {line}."
    else:
        kind, line = "open", "Not sure"
        names = " or ".join(f"{name}, {as_percentage(p)}" for name, p in either)
        question = "Which is it?"
        spoken = f"Not sure: {names}. {question}"
    return {
        "kind": kind,
        "label": label if prediction.several is None else "",  # none stands for all of several
        "share": share,
        "line": line,
        "question": question,
        "candidates": [[name, as_percentage(p)] for name, p in either],
        "bars": [[name, round(p, 4), _whole_percent(p)] for name, p in shares.items()],
        "spoken": spoken,
        "barsSpoken": "How likely each digit is. "
        + ", ".join(f"{name}: {percent(p)}" for name, p in shares.items())
        + ".",
    }


def how_many(characters: int) -> str:
    """Return that a drawing holds several characters, as a sentence without its full stop."""
    return f"I see {characters} characters here"


def as_problem(problem: str) -> Shown:
    """Return why nothing can be read, to show."""
    words = as_sentence(problem)
    return {"kind": "problem", "line": words, "spoken": words}


def as_hint(words: str) -> Shown:
    """Return what to do while there is nothing to read; it is not said aloud."""
    return {"kind": "empty", "line": words, "spoken": ""}


def candidates(probabilities: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return what it may be, the likeliest first: two, and a third that is worth considering."""
    ranked = sorted(probabilities.items(), key=lambda item: -item[1])[:MOST_CANDIDATES]
    worth = sum(share >= LEAST_SHARE * ranked[0][1] for _, share in ranked)
    return ranked[: max(worth, FEWEST_CANDIDATES)]


def as_percentage(share: float) -> str:
    """Return a probability for a person: never 100 % unless it is, for it is not certainty."""
    if share >= 0.9995:
        return "over 99.9 %" if share < 1 else "100 %"
    return f"{share:.1%}".replace("%", " %") if share >= 0.99 else f"{share:.0%}".replace("%", " %")


def _whole_percent(share: float) -> str:
    """Return what stands over a bar: nothing where it would say zero, 100 % only where it is."""
    if share < 0.005:
        return ""
    if 0.995 <= share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"
