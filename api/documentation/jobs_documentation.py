"""How a job is described in OpenAPI."""

from __future__ import annotations

from typing import Any

from api.documentation.documented import answers, object_of

STATES = ["running", "cancelling", "done", "failed", "cancelled"]
TEXT = {"schema": {"type": "string"}}
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
DONE_EXAMPLE = {
    **JOB_EXAMPLE,
    "id": "7f3a2c1e-95d4-4b8a-8c63-2d1e0f9a4b77",
    "state": "done",
    "progress": 1.0,
    "message": "trained",
    "began_at": "2026-01-31T09:00:00+00:00",
    "ended_at": "2026-01-31T09:04:31+00:00",
}
JOBS = object_of({"jobs": {"type": "array", "items": JOB}})
JOBS_EXAMPLE = {"jobs": [JOB_EXAMPLE, DONE_EXAMPLE]}
BEGUN = {
    **answers(JOB, JOB_EXAMPLE, "It has begun; Location says where to look."),
    "headers": {"Location": TEXT, "Preference-Applied": TEXT},
}
WHERE = f"/jobs/{JOB_EXAMPLE['id']}"
RUNNING_ALREADY = {
    **answers(
        object_of({"detail": {"type": "string"}}, job={"type": "string", "format": "uuid"}),
        {"detail": f"a training is running already: {WHERE}", "job": JOB_EXAMPLE["id"]},
        "Another training is running, which Location leads to; or this one was cancelled.",
    ),
    "headers": {"Location": TEXT},
}
