"""OpenAPI says all that the service answers: schemathesis asks every route."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from api.application import create_app
from tests.api.services import BEARER, TOKEN
from tests.api.tuned_members import leave_members

FOLDER = TemporaryDirectory(prefix="inkling-openapi-")
leave_members(Path(FOLDER.name), "rf", "svm")
# A service as it is started, with members that were tuned before. Nobody here has its token: no
# run of this test trains.
schema = schemathesis.openapi.from_asgi(
    "/openapi.json",
    create_app(
        {
            "EMBEDDED_STORE": f"{FOLDER.name}/store.sqlite3",
            "MODELS_DIR": FOLDER.name,
            "API_TOKEN": TOKEN,
            "API_RATE": "0",
            "METRICS": "1",
        }
    ),
)
# Every check is made of every route. One is not made of one route: that what fits its schema is
# accepted. No schema can tell base64 that is no picture, or strokes with more x than y: both are
# refused, with the reason.
NO_SCHEMA_TELLS = {"POST /v1/read": [positive_data_acceptance]}


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_route_answers_as_it_is_described(case):
    case.call_and_validate(excluded_checks=NO_SCHEMA_TELLS.get(case.operation.label, []))


@schema.include(path="/jobs", method="GET").parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_a_list_of_jobs_is_as_it_is_described_to_who_has_the_token(case):
    # What lists jobs trains nobody: here the token may be shown.
    case.call_and_validate(headers=BEARER, excluded_checks=[ignored_auth])


def test_every_operation_has_a_summary_an_example_and_its_refusals(reading):
    described = reading.get("/openapi.json").json()
    operations = [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]

    assert len(operations) > 18
    for path, method, operation in operations:
        name = f"{method} {path}"
        assert len(operation["summary"].split()) > 2, name
        assert "\n" not in operation["summary"], name
        assert operation["description"], name
        answered = operation["responses"]["200"]["content"]
        kinds = {"text/plain", "application/x-ndjson"}
        assert "example" in answered.get("application/json", {}) or kinds & answered.keys(), name
        if "requestBody" in operation:
            assert {"413", "422"} <= operation["responses"].keys(), name


@pytest.mark.parametrize(
    "path", ["/v1/drawings", "/v1/drawings/export", "/v1/drawings/{drawing_id}/answer"]
)
def test_what_needs_the_token_says_so(reading, path):
    (operation,) = reading.get("/openapi.json").json()["paths"][path].values()

    assert operation["security"] == [{"token": []}]
    assert BEARER["Authorization"].startswith("Bearer ")


def test_the_page_of_documentation_asks_no_other_host(reading):
    page = reading.get("/docs")

    assert page.status_code == 200
    asked = re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text)
    assert len(asked) >= 3
    assert all(address.startswith("/docs/files/") for address in asked)
    assert all(reading.get(address).status_code == 200 for address in asked)
