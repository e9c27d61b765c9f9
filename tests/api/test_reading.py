"""`POST /v1/read`: whatever is sent, and what is said of it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from api.reading.preparing import Effort, effort_of
from api.reading.sent_drawings import Sent
from model.predict import main
from tests.api.services import SEVEN, in_base64, png, problem


def test_a_picture_in_a_form_is_read_as_the_command_line_reads_it(reading, tmp_path, capsys):
    path = tmp_path / "seven.png"
    path.write_bytes(png())
    main(["--json", str(path)])
    said = json.loads(capsys.readouterr().out)

    answer = reading.post("/v1/read", files={"image": ("seven.png", png(), "image/png")}).json()

    assert answer["readings"] == [{**said, "image": "seven.png"}]
    assert answer["weights"].startswith("six-conv-")


def test_base64_a_data_url_and_the_file_itself_are_read_alike(reading):
    in_json = reading.post("/v1/read", json={"image": in_base64(png())})
    as_url = reading.post("/v1/read", json={"image": "data:image/png;base64," + in_base64(png())})
    as_body = reading.post("/v1/read", content=png(), headers={"Content-Type": "image/png"})

    assert in_json.json() == as_url.json() == as_body.json()
    assert in_json.json()["readings"][0]["prediction"] == "7"


@pytest.mark.parametrize(
    "strokes",
    [
        SEVEN,
        [[[x / 1000 for x in SEVEN[0][0]], [y / 1000 for y in SEVEN[0][1]]]],
        [{"x": [60, 200, 120], "y": [60, 60, 230], "pen": 18}],
    ],
    ids=["of 255", "of any unit", "of the canvas"],
)
def test_strokes_are_read(reading, strokes):
    answer = reading.post("/v1/read", json={"strokes": strokes})

    assert answer.json()["readings"][0]["prediction"] == "7"


def test_many_drawings_are_read_in_their_order_and_one_that_cannot_be_stops_no_other(reading):
    blank = png(np.zeros((28, 28), np.uint8))

    answer = reading.post(
        "/v1/read", json={"images": [in_base64(png()), in_base64(blank), in_base64(b"no picture")]}
    )

    first, second, third = answer.json()["readings"]
    assert first["prediction"] == "7"
    assert "no ink" in second["error"]
    assert "no picture" in third["error"]


def test_two_hundred_and_fifty_six_are_read_and_one_more_is_refused(reading):
    most = reading.post("/v1/read", json={"drawings": [SEVEN] * 256})
    over = reading.post("/v1/read", json={"drawings": [SEVEN] * 257})

    assert len(most.json()["readings"]) == 256
    assert "256" in problem(over, 422)["detail"]


def test_one_drawing_that_cannot_be_read_is_refused_with_the_reason(reading):
    blank = reading.post("/v1/read", files={"image": ("a.png", png(np.zeros((28, 28), np.uint8)))})

    assert "no ink" in problem(blank, 422)["detail"]


def test_characters_are_read_where_they_are_asked_for(reading):
    answer = reading.post("/v1/read?read=characters", json={"strokes": SEVEN}).json()

    assert answer["weights"].startswith("characters")
    assert len(answer["readings"][0]["probabilities"]) == 62
    assert "is_character" in answer["readings"][0]


def test_writing_is_read_by_how_the_pen_went(reading):
    beside = [[[x + 300 * n for x in SEVEN[0][0]], SEVEN[0][1]] for n in range(3)]

    answer = reading.post("/v1/read?read=writing&alphabet=digits", json={"strokes": beside}).json()

    assert answer["readings"][0]["text"] == "777"
    assert [len(one["box"]) for one in answer["readings"][0]["characters"]] == [4, 4, 4]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("read=faces", "digits"),
        ("keep=perhaps", "true or false"),
        ("alphabet=greek", "digits"),
        ("alphabet=digits", "read=writing"),
    ],
)
def test_a_parameter_of_no_known_value_is_named_with_those_that_are(reading, query, says):
    answer = reading.post(f"/v1/read?{query}", json={"strokes": SEVEN})

    assert says in problem(answer, 422)["detail"]


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], {"image": 7}, {"image": ""}, {"image": "?"}, {"images": "x"}, {"images": []}),
        *({"image": "eA==", "strokes": []}, {"strokes": None}, {"strokes": [[1]]}),
        *({"strokes": []}, {"strokes": [[]]}, {"strokes": [[[], []]]}, {"strokes": [[[5], [5]]]}),
        *({"strokes": [[[1, 2], [1]]]}, {"strokes": [[[True], [1]]]}, {"strokes": [[["1"], [1]]]}),
        {"strokes": [[[1e300, 1], [0, 0]]]},
    ],
    ids=str,
)
@pytest.mark.parametrize("what", ["digits", "writing"])
def test_what_is_no_drawing_is_refused_in_words(reading, body, what):
    said = problem(reading.post(f"/v1/read?read={what}", json=body), 422)

    assert len(said["detail"]) > 10


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe"], ids=range(4))
def test_what_is_no_json_is_refused(reading, body):
    answer = reading.post("/v1/read", content=body, headers={"Content-Type": "application/json"})

    assert "JSON" in problem(answer, 422)["detail"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno end"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno name\r\n--x--"),
    ],
)
def test_a_form_that_is_none_is_refused(reading, content_type, body):
    answer = reading.post("/v1/read", content=body, headers={"Content-Type": content_type})

    assert "multipart" in problem(answer, 400)["detail"]


def test_another_kind_of_body_is_refused_with_those_that_are_read(reading):
    answer = reading.post("/v1/read", content=b"7", headers={"Content-Type": "text/plain"})

    assert "image/" in problem(answer, 415)["detail"]


@pytest.mark.parametrize(
    ("sides", "count", "effort"),
    [
        ((28, 28), 1, Effort.TINY),
        ((28, 28), 2, Effort.SMALL),
        ((280, 280), 1, Effort.SMALL),
        ((5000, 1000), 1, Effort.LARGE),
        ((5000, 1000), 2, Effort.LARGE),
        ((28, 28), 33, Effort.LARGE),
    ],
)
def test_what_takes_long_is_known_before_it_is_decoded(sides, count, effort):
    sent = [Sent("a.png", png(np.zeros(sides, np.uint8)))] * count

    assert effort_of(sent) is effort


def test_a_header_that_tells_of_a_small_picture_is_not_believed_of_a_large_file():
    assert effort_of([Sent("a.png", png() + bytes(40_000))]) is Effort.LARGE
