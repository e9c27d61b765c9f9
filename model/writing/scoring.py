"""Numbers that make a text of two networks' logits: fitted once, kept beside their weights."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from model.errors import BadWeights


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """How what was seen, what was followed and what people write are put together."""

    strip: float  # what the log probability by the strip network counts
    path: float  # and by the path network
    prior: float  # and by what people write
    bonus: float  # nats for each character
    temperature: float  # scores are divided by it before softmax over the candidates
    sure_threshold: float  # confidence from which a text is called sure
    refusal: float  # nats by which `no writing` must be likelier than the text


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The numbers for drawings with strokes, for pictures without, and whose they are."""

    strip_version: str  # of the weights that they were fitted with
    path_version: str
    strokes: Scoring
    pictures: Scoring
    # Where within a character a network says what it is: -0.5 at its beginning, 0.5 at its end.
    strip_lag: float
    path_lag: float
    metrics: dict[str, float]  # on the validation sites


SCORINGS = ("strokes", "pictures")


def read_settings(path: Path) -> Settings:
    """Return the settings in a file; raises BadWeights where it is none of ours."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        values = {field.name: stored[field.name] for field in fields(Settings)}
        for name in SCORINGS:
            values[name] = Scoring(**{key: float(stored[name][key]) for key in stored[name]})
        values["strip_lag"], values["path_lag"] = map(
            float, (stored["strip_lag"], stored["path_lag"])
        )
        settings = Settings(**values)
        scorings = [asdict(values[name]) for name in SCORINGS]
        numbers = [number for scoring in scorings for number in scoring.values()]
        if not all(map(math.isfinite, (*numbers, settings.strip_lag, settings.path_lag))):
            raise ValueError("a number that is none")
        if min(scoring["temperature"] for scoring in scorings) <= 0:
            raise ValueError("a temperature of nothing")
        return settings
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadWeights(
            f"{path} does not say how writing is read: run "
            "`python run_model.py --dataset writing --mode train`"
        ) from error


def write_settings(path: Path, settings: Settings) -> None:
    """Write the settings, the same each time; raises OSError."""
    path.write_text(json.dumps(asdict(settings), indent=1) + "\n", encoding="utf-8")
