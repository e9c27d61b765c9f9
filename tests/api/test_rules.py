"""Who may do what, how often, and how large a request may be."""

from __future__ import annotations

import struct
import zlib

import pytest
from starlette.testclient import TestClient

from api.rules.allowances import Allowances
from api.rules.service_settings import ServiceSettingsError, read_service_settings
from tests.api.services import BEARER, SEVEN, TOKEN, problem, service

GRID = {"param": {"n_estimators": [0]}, "n_jobs": 1, "cv": 2}
# A grid that is refused: what is refused with 422 was let in.
BODY = {"use_small_dataset": True, "grid_search_params": {"rf": GRID}}
GUARDED = (
    ("POST", "/v1/read?keep=true"),
    ("POST", "/v1/drawings/0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55/answer"),
    ("GET", "/v1/drawings"),
    ("GET", "/v1/drawings/export"),
    ("POST", "/training"),
    ("DELETE", "/jobs/0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55"),
    ("GET", "/jobs"),
)
BODIES = {"/training": BODY, GUARDED[1][1]: {"answer": 7}}


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"},
     {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": f"Bearer {TOKEN[:-1]}"}],
    ids=["none", "wrong", "basic", "longer", "shorter"],
)  # fmt: skip
def test_without_the_token_nothing_is_changed_or_shown(keeping, method, path, headers):
    answer = keeping.request(method, path, json=BODIES.get(path, {}), headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert TOKEN not in answer.text


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_a_service_without_a_token_that_others_reach_changes_nothing_and_says_why(method, path):
    with service() as client:
        answer = client.request(method, path, json=BODIES.get(path, {}))

        assert answer.status_code == 403
        assert "API_TOKEN" in answer.json()["detail"]


def test_on_loopback_alone_training_is_open_to_this_machines_programs():
    with service(is_on_loopback=True) as client:
        for host in ("localhost:8001", "127.0.0.1:8001", "[::1]:8001", "localhost"):
            answer = client.post("/training", json=BODY, headers={"Host": host})

            assert answer.status_code == 422


def test_a_service_that_knows_of_a_proxy_takes_nobody_for_this_machines_program():
    with service(is_on_loopback=True, TRUSTED_PROXIES="1") as client:
        assert client.post("/training", json=BODY).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "inkling.example.org"},
        {"Host": "localhost.example.org"},
        {"Host": "10.0.0.2:8001"},
        {"Origin": "http://localhost:8001"},
        {"Origin": "null"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"X-Client-IP": "127.0.0.1"},
        {"CF-Connecting-IP": "127.0.0.1"},
    ],
    ids=str,
)
def test_no_page_and_no_stranger_behind_a_proxy_trains(headers):
    with service(is_on_loopback=True) as client:
        answer = client.post("/training", json=BODY, headers=headers)

        assert answer.status_code == 403
        assert "loopback" in answer.json()["detail"]


def test_on_loopback_keeping_needs_a_token_all_the_same():
    with service(is_on_loopback=True) as client:
        problem(client.post("/v1/read?keep=true", json={"strokes": SEVEN}), 403)


def test_an_address_that_comes_too_often_waits_and_the_token_does_not():
    with service(API_RATE="3", API_TOKEN=TOKEN) as client:
        answers = [client.post("/v1/read", json={"strokes": SEVEN}) for _ in range(4)]
        with_token = client.post("/v1/read", json={"strokes": SEVEN}, headers=BEARER)
        probe = client.get("/healthz")

        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[3].headers["retry-after"]) <= 20
        problem(answers[3], 429)
        assert (with_token.status_code, probe.status_code) == (200, 200)


def test_many_drawings_in_a_request_count_as_many():
    with service(API_RATE="5") as client:
        first = client.post("/v1/read", json={"drawings": [SEVEN] * 4})
        second = client.post("/v1/read", json={"drawings": [SEVEN] * 4})

        assert (first.status_code, second.status_code) == (200, 429)


def test_behind_a_proxy_of_ours_every_client_has_its_own_allowance():
    with service(API_RATE="1", TRUSTED_PROXIES="1") as client:
        answers = [
            client.post("/v1/read", json={"strokes": SEVEN}, headers={"X-Forwarded-For": address})
            for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2")
        ]

        assert [one.status_code for one in answers] == [200, 429, 200]


def test_an_allowance_comes_back_with_time():
    now = [0.0]
    allowances = Allowances(60, lambda: now[0])

    waits = [allowances.take("a", 60), allowances.take("a", 5)]
    now[0] = 5.0

    assert waits == [0, 5]
    assert allowances.take("a", 5) == 0
    assert allowances.take("a", 1) == 1


def test_a_body_of_over_5_mb_is_refused_by_its_header_before_it_is_sent(reading):
    answer = reading.post(
        "/v1/read", content=b"x", headers={"Content-Length": str(6 * 1024 * 1024)}
    )

    assert "5 MB" in problem(answer, 413)["detail"]


@pytest.mark.parametrize("path", ["/v1/read", "/v2/models/digits/infer", "/predict"])
def test_a_body_that_does_not_say_its_length_is_refused_as_it_grows(reading, path):
    chunks = (b"[" * 1024 * 1024 for _ in range(7))
    headers = {"Content-Type": "application/json"}

    answer = reading.post(path, content=chunks, headers=headers)

    assert answer.status_code == 413


def test_a_picture_of_over_64_megapixels_is_refused_by_its_header(reading):
    head = b"IHDR" + struct.pack(">IIBBBBB", 9000, 9000, 1, 0, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"")
    chunks = [(13, head), (len(body) - 4, body)]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", size) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for size, chunk in chunks
    )

    answer = reading.post("/v1/read", content=file, headers={"Content-Type": "image/png"})

    assert "64" in problem(answer, 422)["detail"]


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"API_TOKEN": "short"}, "API_TOKEN"),
        ({"API_TOKEN": "with a space in between"}, "API_TOKEN"),
        ({"API_RATE": "-1"}, "API_RATE"),
        ({"API_RATE": "many"}, "API_RATE"),
        ({"TRUSTED_PROXIES": "17"}, "TRUSTED_PROXIES"),
        ({"METRICS": "perhaps"}, "METRICS"),
    ],
    ids=str,
)
def test_a_setting_that_makes_no_sense_is_named(settings, name):
    with pytest.raises(ServiceSettingsError, match=name):
        read_service_settings(settings, is_on_loopback=True)


def test_metrics_are_closed_unless_a_setting_opens_them(reading):
    with service() as client:
        assert "METRICS" in problem(client.get("/metrics"), 404)["detail"]
    assert reading.get("/metrics").headers["content-type"].startswith("text/plain")


def test_no_series_of_the_metrics_grows_with_what_strangers_send(reading):
    before = {line.split(" ")[0] for line in reading.get("/metrics").text.splitlines()}
    reading.post("/v1/read?read=writing", json={"strokes": SEVEN})
    reading.post("/v1/read", json={"strokes": []})
    reading.get("/never/heard/of")

    after = {line.split(" ")[0] for line in reading.get("/metrics").text.splitlines()}

    assert after == before


def test_an_unknown_path_and_a_wrong_method_are_problems(reading):
    assert problem(reading.get("/nowhere"), 404)["detail"] == "Not Found"
    assert reading.get("/training").json() == {"detail": "Method Not Allowed"}


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/training", "POST"),
        ("/jobs/0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55", "DELETE, GET"),
        ("/docs/files/swagger-ui.css", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(reading, path, methods):
    answer = reading.put(path)

    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


@pytest.mark.parametrize(
    ("body", "place"),
    [([1], "body"), ({"use_small_dataset": True, "grid_search_params": {"rf": 5}}, "body.grid")],
)
def test_what_is_json_is_not_told_to_be_sent_as_json(reading, body, place):
    (wrong,) = reading.post("/training", json=body).json()["detail"]

    assert ".".join(wrong["loc"]).startswith(place)
    assert wrong["msg"] == "expected an object"


def test_a_body_that_is_no_json_by_its_content_type_is_told_which_it_needs(reading):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}  # as curl sends it unasked
    answer = reading.post("/predict", content='{"data": []}', headers=headers)

    assert answer.status_code == 422
    assert "Content-Type: application/json" in answer.json()["detail"][0]["msg"]


def test_a_body_whose_bytes_are_no_text_is_broken_json(keeping):
    headers = {**BEARER, "Content-Type": "application/json"}
    path = "/v1/drawings/0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55/answer"

    said = problem(keeping.post(path, content=b'{"answer": "\xff"}', headers=headers), 422)
    predicted = keeping.post("/predict", content=b'{"data": "\xff"}', headers=headers)

    assert "no JSON" in said["detail"]
    assert predicted.status_code == 422
    assert predicted.json()["detail"][0]["type"] == "json_invalid"


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/v1/weights", "/docs", "/v2"])
def test_head_says_of_what_can_be_had_what_get_says(reading, path):
    asked, looked = reading.get(path), reading.head(path)

    assert looked.status_code == 200
    assert looked.headers["content-type"] == asked.headers["content-type"]
    assert looked.content == b""


def test_head_shows_nobody_what_needs_the_token(keeping):
    assert keeping.head("/v1/drawings").status_code == 401
    assert keeping.head("/v1/read").status_code == 405


def test_an_address_with_a_slash_too_many_leads_to_this_very_server(reading):
    answer = reading.get("/v1/statistics/?read=digits", headers={"Host": "other.example"},
                         follow_redirects=False)  # fmt: skip

    assert answer.status_code == 307
    assert answer.headers["location"] == "/v1/statistics?read=digits"


def test_who_goes_in_the_middle_of_a_body_leaves_no_trouble_in_the_log(reading, caplog):
    async def left(scope, receive, send):
        gone = iter([{"type": "http.request", "body": b"{", "more_body": True}])

        async def received():
            return next(gone, {"type": "http.disconnect"})

        await reading.app(scope, received, send)

    for path in ("/v1/read", "/v2/models/digits/infer", "/predict"):
        answer = TestClient(left).post(path, json={})

        assert 400 <= answer.status_code < 500
    assert caplog.records == []
