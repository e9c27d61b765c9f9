"""How `/v1/statistics` and `/v1/weights` are described in OpenAPI."""

from __future__ import annotations

from typing import Any

from api.documentation.documented import answers, object_of, refusals

COUNT = {"type": "integer", "minimum": 0}
SHARE_OR_NULL = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
OBJECTS = {"type": "array", "items": {"type": "object"}}
NUMBERS = object_of(
    {
        **dict.fromkeys(
            ("drawings", "answers", "named", "read_right", "misread", "refused_by_mistake",
             "not_digits", "refused_rightly", "taken_for_a_digit"),
            COUNT,
        ),
        "share_answered": SHARE_OR_NULL,
        "accuracy": {**SHARE_OR_NULL, "description": "Of the drawings called a digit."},
        "interval": {
            "type": ["array", "null"],
            "items": {"type": "number"},
            "description": "The 95 % Wilson interval of `accuracy`.",
        },
        "by_day": OBJECTS,
        "by_digit": OBJECTS,
        "confusion": {"type": "array", "items": {"type": "array", "items": COUNT}},
        "reliability": OBJECTS,
    }
)  # fmt: skip
WRITING_NUMBERS = object_of(
    {
        **dict.fromkeys(
            ("drawings", "refused", "sure", "answers", "named", "read_right", "sure_answered",
             "sure_right", "edits", "characters"),
            COUNT,
        ),
        "verdicts": {"type": "object", "additionalProperties": COUNT},
        "error_rate": {
            "type": ["number", "null"],
            "description": "Edits per character of the right texts.",
        },
        "error_interval": {
            "type": ["array", "null"],
            "items": {"type": "number"},
            "description": "The 95 % interval of `error_rate`.",
        },
        "by_kind": OBJECTS,
        "by_length": OBJECTS,
        "worst": OBJECTS,
        "reliability": OBJECTS,
    }
)  # fmt: skip
NUMBERS_EXAMPLE = {
    "drawings": 1200,
    "answers": 400,
    "share_answered": 0.333333,
    "named": 380,
    "read_right": 371,
    "misread": 6,
    "refused_by_mistake": 3,
    "not_digits": 20,
    "refused_rightly": 17,
    "taken_for_a_digit": 3,
    "accuracy": 0.976316,
    "interval": [0.9556, 0.9875],
    "by_day": [
        {"day": "2026-01-31", "drawings": 1200, "answers": 400, "named": 380, "read_right": 371}
    ],
    "by_digit": [{"digit": 0, "named": 38, "read_right": 38, "refused": 0}],
    "confusion": [[38, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    "reliability": [
        {"low": 0.9, "high": 1.0, "accepted": 350, "mean_confidence": 0.99, "read_right": 346}
    ],
}
TEXT_OR_NULL = {"type": ["string", "null"]}
WEIGHTS = object_of(
    {
        "version": {"type": "string", "description": "What reads digits now."},
        "live": {**TEXT_OR_NULL, "description": "Live in the store; null: the shipped weights."},
        "stands_above": {"type": "boolean", "description": "WEIGHTS is set, and reads."},
        "trouble": {**TEXT_OR_NULL, "description": "Why what is live does not read."},
        "card": {"type": "object"},
        "versions": {"type": "array", "items": {"type": "object"}},
    }
)
WEIGHTS_EXAMPLE: dict[str, Any] = {
    "version": "six-conv-1a2b3c4d5e6f",
    "live": None,
    "stands_above": False,
    "trouble": None,
    "card": {"architecture": "six-conv", "sure_threshold": 0.8, "metrics": {"accuracy": 0.99}},
    "versions": [],
}
STATISTICS: dict[int | str, dict[str, Any]] = {
    200: answers(
        {"anyOf": [NUMBERS, WRITING_NUMBERS]}, NUMBERS_EXAMPLE, "What the answers add up to."
    ),
    **refusals(422, 501, 503),
}
IN_USE: dict[int | str, dict[str, Any]] = {
    200: answers(WEIGHTS, WEIGHTS_EXAMPLE, "What reads, and what the store holds."),
    **refusals(503),
}
