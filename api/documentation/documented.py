"""How answers are described in OpenAPI: refusals, and the schemas that routes share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from api.rules.incoming import TOO_SLOW
from api.rules.problems import MEDIA_TYPE

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong, as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
EXAMPLES = {
    400: "this body is no multipart/form-data: its end is missing",
    401: "this needs the service's token: send `Authorization: Bearer <token>`",
    403: "this changes what is served or kept, or shows what others drew, and needs a token",
    404: "there is no such drawing of yours",
    408: TOO_SLOW,
    409: "a training is running already: /jobs/0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55",
    410: "a deleted drawing stays deleted",
    413: "a request has at most 5 MB: send fewer or smaller pictures",
    415: "send multipart/form-data with pictures, application/json, or a picture as image/...",
    422: "I see no ink here: draw a digit, or take a picture with more contrast",
    429: "too many drawings from this address: try again in 3 s",
    501: "nothing is kept here: this service runs without a store",
    503: "the store cannot be reached at the moment: try again later",
}
TOKEN: list[dict[str, list[str]]] = [{"token": []}]
DATE = {"type": "string", "format": "date"}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the descriptions of the refusals of a route, and of every route: 408, 413, 429."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": {
                        "type": "about:blank",
                        "title": HTTPStatus(status).phrase,
                        "status": status,
                        "detail": EXAMPLES[status],
                    },
                }
            },
        }
        for status in sorted({*statuses, 408, 413, 429})
    }


def answers(schema: dict[str, Any], example: Any, description: str) -> dict[str, Any]:
    """Return the description of an answer in JSON."""
    content = {"application/json": {"schema": schema, "example": example}}
    return {"description": description, "content": content}


def query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    """Return the description of a parameter in the address."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def object_of(required: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the schema of an object; required: its members, all of which are always there."""
    return {"type": "object", "required": list(required), "properties": {**required, **more}}
