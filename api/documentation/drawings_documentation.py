"""How `/v1/drawings` is described in OpenAPI."""

from __future__ import annotations

from typing import Any

from api.documentation.documented import answers, object_of, refusals
from api.reading.what import WHAT
from feedback.store import LONGEST_ANSWER

NDJSON = "application/x-ndjson"
TEXT, TEXT_OR_NULL = {"type": "string"}, {"type": ["string", "null"]}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
STROKES_OR_NULL = {"type": ["array", "null"]}
ANSWER: dict[str, Any] = {
    "description": "A digit or `not a digit`; of writing and single characters their text; null "
    "for no answer, and where `is_none` says that there is no writing. A text has at most "
    f"{LONGEST_ANSWER} characters, once its blanks are single ones.",
    "anyOf": [
        {"type": "integer", "enum": list(range(10))},  # by a range, 7.0 would be one
        {"type": "string", "minLength": 1, "maxLength": 400},
        {"type": "null"},
    ],
}
ANSWER_IN = {
    "description": "What a drawing's author says that it shows: `answer`, or that it is none.",
    "oneOf": [
        {"type": "object", "required": ["answer"], "additionalProperties": False,
         "properties": {"answer": ANSWER, "is_none": {"const": False}}},
        {"type": "object", "required": ["is_none"], "additionalProperties": False,
         "properties": {"is_none": {"const": True}}},
    ],
    "examples": [{"answer": 7}, {"answer": "hello"}, {"is_none": True}, {"answer": None}],
}  # fmt: skip
COMMON = {
    "id": {"type": "string", "format": "uuid"},
    "session": {**TEXT, "description": "Who drew it: a word that leads back to nobody."},
    "created_at": {"type": "string", "format": "date-time"},
    "source": {"type": "string", "enum": ["canvas", "upload", "api"]},
    "weights_version": TEXT,
    "revision": {"type": "integer"},
    "confidence": SHARE,
    "answer": ANSWER,
    "is_none": {"type": "boolean", "description": "Its author says that it is none."},
    "verdict": TEXT_OR_NULL,
    "answered_at": TEXT_OR_NULL,
    "prediction_ms": {"type": "number"},
    "strokes": STROKES_OR_NULL,
    "pens_px": STROKES_OR_NULL,
    "ink_png": {"type": "string", "contentEncoding": "base64"},
}
DIGIT = object_of(
    {
        **COMMON,
        "predicted": {"type": "integer", "minimum": 0, "maximum": 9},
        "is_digit": {"type": "boolean"},
        "probabilities": {"type": "array", "items": SHARE},
    }
)
CHARACTER = object_of(
    {
        "label": TEXT,
        "truth": {**TEXT_OR_NULL, "description": "What the answer says that it is, if certain."},
        "confidence": SHARE,
        "probabilities": {"type": "object", "additionalProperties": SHARE},
        "box": {"type": "array", "items": {"type": "number"}},
    }
)
WRITING = object_of(
    {
        **COMMON,
        "text": {**TEXT, "description": "Rows parted by line breaks."},
        "alphabet": {"type": "string", "enum": ["characters", "digits"]},
        "is_writing": {"type": "boolean"},
        "sure": {"type": "boolean"},
        "characters": {"type": "array", "items": CHARACTER},
        "width_px": {"type": "integer", "description": "Of the picture that boxes lie in."},
        "height_px": {"type": "integer"},
    }
)
EXAMPLE: dict[str, Any] = {
    "id": "0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55",
    "session": "5a0f4c1d2e3b4a59",
    "created_at": "2026-01-31T10:00:00+00:00",
    "source": "api",
    "weights_version": "six-conv-1a2b3c4d5e6f",
    "revision": 1,
    "predicted": 7,
    "is_digit": True,
    "confidence": 0.998421,
    "probabilities": [0.0, 0.001, 0.0, 0.0, 0.0, 0.0, 0.0, 0.998, 0.0, 0.001],
    "answer": 7,
    "is_none": False,
    "verdict": "read right",
    "answered_at": "2026-01-31T10:00:05+00:00",
    "prediction_ms": 2.5,
    "strokes": None,
    "pens_px": None,
    "ink_png": "iVBORw0KGgo=",
}
SAID = object_of(
    {
        "id": {"type": "string", "format": "uuid"},
        "read": {"type": "string", "enum": list(WHAT), "description": "What read it."},
        "answer": ANSWER,
        "is_none": {"type": "boolean"},
        "outcome": {"type": "string", "enum": ["saved", "overtaken"]},
        "verdict": TEXT_OR_NULL,
    }
)
LISTED: dict[int | str, dict[str, Any]] = {
    200: answers(
        object_of(
            {
                "drawings": {"type": "array", "items": {"anyOf": [DIGIT, WRITING]}},
                "next": TEXT_OR_NULL,
            }
        ),
        {"drawings": [EXAMPLE], "next": None},
        "A page, newest first; `next` asks for the one after.",
    ),
    **refusals(401, 403, 422, 501, 503),
}
EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A drawing a line, newest first.",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    },
    **refusals(401, 403, 422, 501, 503),
}
ANSWERED: dict[int | str, dict[str, Any]] = {
    200: answers(
        SAID,
        {
            **{name: EXAMPLE[name] for name in ("id", "answer", "is_none", "verdict")},
            "read": "digits",
            "outcome": "saved",
        },
        "What stands now.",
    ),
    **refusals(401, 403, 404, 410, 422, 501, 503),
}
