"""What was read, as it stands on the page: one digit, two or three to choose from, or none."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from model.reading.recogniser import Prediction

MOST_CANDIDATES = 3
FEWEST_CANDIDATES = 2
LEAST_SHARE = 0.1  # of the best one's probability: what is less likely is no third candidate


def reading(prediction: Prediction, *, strokes: int, is_small: bool) -> str:
    """Return the reading as HTML; strokes: how many it was read from."""
    kind = "inkling-read inkling-small" if is_small else "inkling-read"
    return (
        f'<div class="{kind}" role="status" aria-live="polite" data-testid="read" '
        f'data-strokes="{strokes}">{_words(prediction)}</div>'
    )


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


def _words(prediction: Prediction) -> str:
    if not prediction.is_digit:
        return _refusal(prediction)
    if not prediction.sure:
        return _choice(prediction)
    return (
        f'<div class="inkling-label" data-testid="label" aria-label="I read {prediction.label}">'
        f"{escape(prediction.label)}</div>"
        f'<div class="inkling-sure-line" data-testid="confidence">'
        f"{as_percentage(prediction.confidence)} sure</div>"
    )


def _refusal(prediction: Prediction) -> str:
    return (
        '<div><div class="inkling-refusal">I don\'t think that is a digit</div>'
        '<div class="inkling-note" data-testid="confidence">If it is one, it is nearest to '
        f'<span data-testid="label">{escape(prediction.label)}</span> '
        f"({as_percentage(prediction.confidence)}).</div></div>"
    )


def _choice(prediction: Prediction) -> str:
    """Return the candidates side by side, each over its share: 3 or 8?"""
    said = []
    for place, (label, share) in enumerate(candidates(prediction.probabilities)):
        first = f' data-testid="label" aria-label="I read {label}"' if place == 0 else ""
        said.append(
            '<div class="inkling-candidate">'
            f'<div class="inkling-label"{first}>{escape(label)}</div>'
            f'<div class="inkling-note">{as_percentage(share)}</div></div>'
        )
    either = '<div class="inkling-or">or</div>'.join(said)
    return (
        f'<div><div class="inkling-choice">{either}<div class="inkling-or">?</div></div>'
        '<div class="inkling-sure-line" data-testid="confidence">Not sure</div></div>'
    )
