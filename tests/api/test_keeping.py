"""What programs keep and say, what they are shown, and that nobody else is."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from api.keeping.store_in_use import StoreInUse
from api.rules.authority import visitor_of_token
from feedback.connection.engine import open_engine
from feedback.store import Filters, delete_drawings, list_drawings, record_drawing
from tests.api.services import BEARER, SEVEN, TOKEN, in_base64, png, problem, service
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import settings_of, sqlite_url

KEEP = "/v1/read?keep=true"


@pytest.fixture
def engine(store_file):
    engine = open_engine(settings_of(sqlite_url(store_file)))
    yield engine
    engine.dispose()


def kept(client: TestClient) -> str:
    """Keep a reading, and return its id."""
    answer = client.post(KEEP, json={"strokes": SEVEN}, headers=BEARER)
    assert answer.status_code == 200, answer.text
    return answer.json()["readings"][0]["id"]


def test_nothing_is_kept_unless_it_is_asked_for(keeping, engine):
    answer = keeping.post("/v1/read", json={"strokes": SEVEN}, headers=BEARER)

    assert "id" not in answer.json()["readings"][0]
    assert list_drawings(engine, Filters(), limit=10) == []


def test_what_is_kept_is_a_row_of_source_api_by_the_tokens_one_visitor(keeping, engine):
    first, second = kept(keeping), kept(keeping)

    rows = list_drawings(engine, Filters(source="api"), limit=10)
    assert {str(row.id) for row in rows} == {first, second}
    assert {row.session_id for row in rows} == {visitor_of_token(TOKEN)}
    assert rows[0].predicted == 7
    assert rows[0].strokes is not None


def test_of_many_those_that_can_be_read_are_kept(keeping, engine):
    body = {"images": [in_base64(png()), in_base64(b"nothing")]}

    first, second = keeping.post(KEEP, json=body, headers=BEARER).json()["readings"]

    assert UUID(first["id"])
    assert second["id"] is None
    assert len(list_drawings(engine, Filters(), limit=10)) == 1


def test_the_last_answer_stands_and_can_be_taken_back(keeping):
    path = f"/v1/drawings/{kept(keeping)}/answer"

    said = [
        keeping.post(path, json={"answer": answer}, headers=BEARER).json()
        for answer in (7, 1, "not a digit", None)
    ]

    assert [one["answer"] for one in said] == [7, 1, "not a digit", None]
    assert [one["verdict"] for one in said] == ["read right", "misread", "taken for a digit", None]
    assert {one["outcome"] for one in said} == {"saved"}


@pytest.mark.parametrize("answer", [10, -1, "7", True, 7.5, "a digit", []], ids=str)
def test_what_is_no_answer_is_refused(keeping, answer):
    path = f"/v1/drawings/{kept(keeping)}/answer"

    said = problem(keeping.post(path, json={"answer": answer}, headers=BEARER), 422)

    assert said["errors"]
    assert keeping.get("/v1/drawings", headers=BEARER).json()["drawings"][0]["answer"] is None


@pytest.mark.parametrize(
    "body", [{}, {"is_none": False}, {"answer": 7, "is_none": True}, {"answer": 7, "more": 1}, []],
    ids=str,
)  # fmt: skip
def test_an_answer_is_one_thing_or_the_other(keeping, body):
    path = f"/v1/drawings/{kept(keeping)}/answer"

    problem(keeping.post(path, json=body, headers=BEARER), 422)


def test_that_it_is_none_is_said_of_a_digit_in_two_ways(keeping):
    path = f"/v1/drawings/{kept(keeping)}/answer"

    said = [
        keeping.post(path, json=body, headers=BEARER).json()
        for body in ({"is_none": True}, {"answer": None}, {"answer": "not a digit"})
    ]

    assert [one["is_none"] for one in said] == [True, False, True]
    assert [one["answer"] for one in said] == ["not a digit", None, "not a digit"]


def test_an_answer_to_what_another_drew_or_nobody_is_404_and_to_what_was_deleted_410(
    keeping, engine
):
    another = a_drawing()
    record_drawing(engine, another)
    deleted = kept(keeping)
    delete_drawings(engine, [UUID(deleted)], session_id=None)

    for drawing_id, status in ((another.id, 404), (uuid4(), 404), (deleted, 410)):
        answer = keeping.post(
            f"/v1/drawings/{drawing_id}/answer", json={"answer": 7}, headers=BEARER
        )
        problem(answer, status)


def test_drawings_are_listed_page_by_page_newest_first(keeping):
    ids = [kept(keeping) for _ in range(5)]

    seen, before = [], None
    for _ in range(3):
        parameters = {"limit": 2} | ({} if before is None else {"before": before})
        page = keeping.get("/v1/drawings", params=parameters, headers=BEARER).json()
        seen += [one["id"] for one in page["drawings"]]
        before = page["next"]

    assert seen == ids[::-1]
    assert before is None


@pytest.mark.parametrize(
    "before", ["yesterday", "0001-01-01T00:00:00+14:00_0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55"]
)
def test_a_page_begins_nowhere_else(keeping, before):
    problem(keeping.get("/v1/drawings", params={"before": before}, headers=BEARER), 422)


@pytest.mark.parametrize("read", ["digits", "characters", "writing"])
def test_the_last_of_all_days_is_a_day(keeping, read):
    kept(keeping)
    parameters = {"until": "9999-12-31", "since": "0001-01-01", "read": read}

    numbers = keeping.get("/v1/statistics", params=parameters)

    assert numbers.status_code == 200
    assert numbers.json()["drawings"] == (read == "digits")


def test_the_export_has_a_line_for_each_drawing_and_nobodys_session(keeping, engine):
    another = a_drawing()
    record_drawing(engine, another)
    kept(keeping)

    answer = keeping.get("/v1/drawings/export", headers=BEARER)

    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [row["source"] for row in rows] == ["api", "canvas"]
    assert str(another.session_id) not in answer.text


def test_statistics_count_the_answers(keeping):
    keeping.post(f"/v1/drawings/{kept(keeping)}/answer", json={"answer": 7}, headers=BEARER)
    kept(keeping)

    numbers = keeping.get("/v1/statistics").json()

    assert (numbers["drawings"], numbers["answers"], numbers["read_right"]) == (2, 1, 1)
    assert numbers["accuracy"] == 1
    assert keeping.get("/v1/statistics?source=canvas").json()["drawings"] == 0


def test_metrics_count_answers_by_what_they_make_of_the_reading(keeping):
    keeping.post(f"/v1/drawings/{kept(keeping)}/answer", json={"answer": 1}, headers=BEARER)

    page = keeping.get("/metrics").text

    assert 'inkling_answers_total{reader="digits",verdict="misread"} 1.0' in page
    assert 'inkling_readings_total{outcome="sure",reader="digits"} 1.0' in page


def test_without_a_store_whatever_needs_one_says_that_nothing_is_kept():
    with service(API_TOKEN=TOKEN) as client:
        refused = [
            client.post(KEEP, json={"strokes": SEVEN}, headers=BEARER),
            client.get("/v1/drawings", headers=BEARER),
            client.get("/v1/statistics"),
        ]

        assert ["nothing is kept" in problem(one, 501)["detail"] for one in refused] == [True] * 3
        assert client.get("/readyz").json() == {"weights": "loaded", "store": "off"}


def test_a_store_that_is_away_is_503_without_its_place_and_digits_are_read_all_the_same():
    settings = {"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "n", "DB_USER": "u"}
    with service(API_TOKEN=TOKEN, DB_PASSWORD="secret", EMBEDDED_STORE="", **settings) as client:
        said = problem(client.get("/v1/statistics"), 503)
        ready = client.get("/readyz")

        assert "127.0.0.1" not in said["detail"]
        assert (ready.status_code, ready.json()["store"]) == (503, "away")
        assert client.get("/healthz").status_code == 200
        assert client.post("/v1/read", json={"strokes": SEVEN}).status_code == 200


def test_a_new_store_is_not_called_away_in_the_log_while_its_tables_are_made(tmp_path, caplog):
    store = StoreInUse({"EMBEDDED_STORE": str(tmp_path / "new.sqlite3")})
    try:
        before = store.state()
        store.require()

        assert before == "away"
        assert caplog.records == []
    finally:
        store.end()


def test_the_weights_that_read_are_named(keeping):
    weights = keeping.get("/v1/weights").json()

    assert weights["version"] == keeping.post("/v1/read", json={"strokes": SEVEN}).json()["weights"]
    assert weights["live"] is None
    assert weights["card"]["version"] == weights["version"]


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "x" * 401}, {"answer": 10}, {"answer": -1}, {"answer": True}, {"answer": 7.0},
        {"answer": [7]}, {"answer": {"digit": 7}}, {"answer": chr(0xD800)},
    ],
    ids=lambda body: str(body)[:30].encode("ascii", "replace").decode(),
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_one_sentence(keeping, body):
    path = "/v1/drawings/0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55/answer"
    headers = {**BEARER, "Content-Type": "application/json"}
    said = problem(keeping.post(path, content=json.dumps(body), headers=headers), 422)

    words = "an answer is a number from 0 to 9, a text of at most 400 characters, or null"
    assert said["detail"] == f"body.answer: {words}"
    assert len(said["errors"]) == 1


def test_next_is_taken_as_it_stands_in_an_address(keeping):
    for _ in range(2):
        keeping.post("/v1/read?keep=true", json={"strokes": SEVEN}, headers=BEARER)
    first = keeping.get("/v1/drawings?limit=1", headers=BEARER).json()
    second = keeping.get(f"/v1/drawings?limit=1&before={first['next']}", headers=BEARER).json()

    assert len(second["drawings"]) == 1
    assert second["drawings"][0]["id"] != first["drawings"][0]["id"]
