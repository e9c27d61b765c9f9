"""How `POST /v1/read` is described in OpenAPI."""

from __future__ import annotations

from typing import Any

from api.documentation.documented import answers, object_of, query, refusals
from api.reading.sent_drawings import MOST_DRAWINGS

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAABwAAAAcAQAAAADkK9MrAAAAJElEQVR4nGNgoBn4DwQ/ocQPCPEBQvyBEH8gxH8I8Z8c"
    "swFQDSEpAAAAAElFTkSuQmCC"
)
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
STROKES: dict[str, Any] = {
    "type": "array",
    "description": "Quick, Draw! form, any unit, y down: a list of x and a list of y a stroke.",
    "items": {
        "type": "array",
        "minItems": 2,
        "maxItems": 3,
        "items": {"type": "array", "items": {"type": "number"}},
    },
}
PICTURE = {"type": "string", "contentEncoding": "base64", "minLength": 1}
SEVEN = [[[40, 200, 110], [40, 40, 220]]]
JSON_BODY = {
    "oneOf": [
        {**object_of({"image": PICTURE}), "additionalProperties": False},
        {
            **object_of(
                {"images": {"type": "array", "items": PICTURE, "minItems": 1,
                            "maxItems": MOST_DRAWINGS}}
            ),
            "additionalProperties": False,
        },
        {**object_of({"strokes": STROKES}), "additionalProperties": False},
        {
            **object_of(
                {"drawings": {"type": "array", "items": STROKES, "minItems": 1,
                              "maxItems": MOST_DRAWINGS}}
            ),
            "additionalProperties": False,
        },
    ]
}  # fmt: skip
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": JSON_BODY,
            "examples": {
                "strokes": {"summary": "strokes of one drawing", "value": {"strokes": SEVEN}},
                "pictures": {
                    "summary": "pictures in base64",
                    "value": {"images": [PIXEL, PIXEL]},
                },
            },
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "image": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "Picture files: PNG, JPEG, WebP or BMP, under any name.",
                    }
                },
            }
        },
        "image/png": {"schema": {"type": "string", "format": "binary"}},
    },
}
READING = object_of(
    {"image": {"type": "string", "description": "The file's name, or the drawing's number."}},
    id={"type": ["string", "null"], "format": "uuid", "description": "Where it was kept."},
    prediction={"type": "string"},
    confidence=SHARE,
    sure={"type": "boolean"},
    is_digit={"type": "boolean", "description": "False: refused; of digits."},
    is_character={"type": "boolean", "description": "The same of characters."},
    is_writing={"type": "boolean", "description": "The same of writing."},
    probabilities={"type": "object", "additionalProperties": SHARE},
    several={"type": "integer", "description": "How many characters are drawn, where over one."},
    text={"type": "string", "description": "Of writing: rows parted by line breaks."},
    characters={"type": "array", "items": {"type": "object"}},
    error={"type": "string", "description": "Why this drawing cannot be read, of several."},
)
READINGS = object_of(
    {
        "weights": {"type": "string", "description": "The version of the weights that read."},
        "readings": {"type": "array", "items": READING},
    }
)
EXAMPLE = {
    "weights": "six-conv-1a2b3c4d5e6f",
    "readings": [
        {
            "image": "seven.png",
            "prediction": "7",
            "confidence": 0.998421,
            "sure": True,
            "is_digit": True,
            "probabilities": {"0": 0.000021, "1": 0.000712, "7": 0.998421},
        }
    ],
}
PARAMETERS = [
    query(
        "read",
        {"type": "string", "enum": ["digits", "characters", "writing"], "default": "digits"},
        "What the drawings show: a digit each, one of all 62 characters each, or words and "
        "numbers.",
    ),
    query(
        "alphabet",
        {"type": "string", "enum": ["characters", "digits"], "default": "characters"},
        "Of writing: `digits` reads numbers alone.",
    ),
    query(
        "keep",
        {"type": "boolean", "default": False},
        "Whether the readings are kept, with source `api`; needs the token.",
    ),
]
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: answers(READINGS, EXAMPLE, "A reading for each drawing, in their order."),
    **refusals(400, 401, 403, 415, 422, 501, 503),
}
