"""How a job is described in OpenAPI."""

from __future__ import annotations

from typing import Any

from api.routes.documented import object_of

STATES = ["running", "cancelling", "done", "failed", "cancelled"]
MOMENT = {"type": "string", "format": "date-time"}
JOB = object_of(
    {
        "id": {"type": "string", "format": "uuid"},
        "kind": {"const": "training"},
        "models": {"type": "array", "items": {"type": "string"}},
        "state": {"type": "string", "enum": STATES},
        "progress": {"type": "number", "minimum": 0, "maximum": 1},
        "message": {"type": "string", "description": "How it stands, for a person."},
        "error": {"type": ["string", "null"], "description": "Why it failed."},
        "began_at": MOMENT,
        "ended_at": {"type": ["string", "null"], "format": "date-time"},
    }
)
JOB_EXAMPLE: dict[str, Any] = {
    "id": "0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55",
    "kind": "training",
    "models": ["rf"],
    "state": "running",
    "progress": 0.35,
    "message": "rf: searching, 6 of 12",
    "error": None,
    "began_at": "2026-01-31T10:00:00+00:00",
    "ended_at": None,
}
CANCELLING_EXAMPLE = {**JOB_EXAMPLE, "state": "cancelling", "message": "is being cancelled"}
