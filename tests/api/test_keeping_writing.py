"""Writing and single characters that programs keep, and what they and the operator are told."""

from __future__ import annotations

import base64
import io
import json
from uuid import UUID

import numpy as np
import pytest
from PIL import Image

from api.rules.authority import visitor_of_token
from feedback.connection.engine import open_engine
from feedback.store import Filters, delete_drawings, find_writing, list_writings, record_drawing
from tests.api.services import BEARER, SEVEN, TOKEN, in_base64, png, problem
from tests.feedback.sample_writings import a_writing
from tests.postgres import settings_of, sqlite_url

KEEP = "/v1/read?keep=true"
# A 7 and beside it a bar, in a unit of its own far from any canvas.
TWO = [[[1040, 1200, 1110], [-960, -960, -780]], [[1300, 1300], [-960, -780]]]
KINDS = {"writing": "writing", "characters": "character"}


@pytest.fixture
def engine(store_file):
    engine = open_engine(settings_of(sqlite_url(store_file)))
    yield engine
    engine.dispose()


def kept(client, what, body=None):
    """Keep a reading, and return what was said of it."""
    answer = client.post(f"{KEEP}&read={what}", json=body or {"strokes": SEVEN}, headers=BEARER)
    assert answer.status_code == 200, answer.text
    return answer.json()["readings"][0]


def answered(client, drawing_id, **said):
    """Say something of a kept drawing, and return the answer of the service."""
    return client.post(f"/v1/drawings/{drawing_id}/answer", json=said, headers=BEARER)


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("is_picture", [False, True], ids=["strokes", "picture"])
def test_what_is_kept_is_what_was_read_by_the_tokens_one_visitor(keeping, engine, what, is_picture):
    seven = np.kron(np.asarray(Image.open(io.BytesIO(png()))), np.ones((4, 4), np.uint8))
    body = {"image": in_base64(png(seven))} if is_picture else None

    said = kept(keeping, what, body)

    row = find_writing(engine, UUID(said["id"]))
    assert row.kind == KINDS[what]
    assert row.source == "api"
    assert row.session_id == visitor_of_token(TOKEN)
    assert row.text == said["text" if what == "writing" else "prediction"]
    assert row.confidence == pytest.approx(said["confidence"], abs=1e-6)
    assert (row.strokes is None) == is_picture
    assert all(Image.open(io.BytesIO(it.ink_png)).getbbox() for it in row.characters)


def test_strokes_of_any_unit_are_laid_on_the_dashboards_paper_with_their_boxes(keeping, engine):
    said = kept(keeping, "writing", {"strokes": TWO})

    row = find_writing(engine, UUID(said["id"]))
    assert (row.width_px, row.height_px) == (840, 280)
    places = np.concatenate([np.transpose(stroke) for stroke in row.strokes])
    assert places.min(axis=0).tolist() >= [0, 0]
    assert (places.max(axis=0) <= [840, 280]).all()
    assert np.ptp(places[:, 1]) == pytest.approx(240, abs=2)  # as high as the paper lets it be
    sent = np.array([it["box"] for it in said["characters"]])
    laid = np.array([it.box for it in row.characters])
    scale = 240 / 180
    assert laid[:, 2] - laid[:, 0] == pytest.approx((sent[:, 2] - sent[:, 0]) * scale, abs=0.1)
    for box, character in zip(laid, row.characters, strict=True):
        assert 0 <= box[0] <= box[2] <= 840
        ink = np.asarray(Image.open(io.BytesIO(character.ink_png)))
        assert (ink > 128).any()


def test_strokes_that_lie_on_the_paper_stay_where_they_are(keeping, engine):
    strokes = [{"x": [340, 500, 410], "y": [40, 40, 220], "pen": 9}]

    said = kept(keeping, "writing", {"strokes": strokes})

    row = find_writing(engine, UUID(said["id"]))
    assert row.strokes == [[[340, 500, 410], [40, 40, 220]]]
    assert row.pens_px == [9]


def test_a_text_of_many_rows_is_kept_with_a_pen_that_leaves_its_letters_open(keeping, engine):
    rows = [
        [[[x + dx for dx in (0, 60, 60, 0, 0)], [y + dy for dy in (0, 0, 80, 80, 0)]]]
        for y in range(0, 900, 180)
        for x in (0, 120)
    ]
    strokes = [stroke for row in rows for stroke in row]  # boxes, two in each of five rows

    said = kept(keeping, "writing", {"strokes": strokes})

    row = find_writing(engine, UUID(said["id"]))
    scale = 240 / 800
    assert row.pens_px == pytest.approx([0.08 * 80 * scale] * len(strokes), abs=0.01)
    ink = np.asarray(Image.open(io.BytesIO(row.ink_png)))
    assert (ink < 64).mean() > 0.5


def test_as_many_strokes_as_the_dashboards_pad_takes_are_read_and_kept(keeping, engine):
    strokes = [{"x": [4 * n, 4 * n], "y": [100, 160], "pen": 3} for n in range(150)]

    said = kept(keeping, "writing", {"strokes": strokes})

    assert len(find_writing(engine, UUID(said["id"])).strokes) == 150


def test_strokes_beside_the_paper_are_made_to_fit_with_their_pens(keeping, engine):
    strokes = [{"x": [3400, 5000, 4100], "y": [40, 40, 1840], "pen": 60}]

    said = kept(keeping, "writing", {"strokes": strokes})

    assert find_writing(engine, UUID(said["id"])).pens_px == pytest.approx([60 * 240 / 1800])


def test_numbers_are_kept_with_their_alphabet(keeping, engine):
    answer = keeping.post(
        f"{KEEP}&read=writing&alphabet=digits", json={"strokes": TWO}, headers=BEARER
    )

    row = find_writing(engine, UUID(answer.json()["readings"][0]["id"]))
    assert row.alphabet == "digits"
    assert row.text.isdigit()


def test_of_many_those_that_can_be_read_are_kept(keeping, engine):
    answer = keeping.post(
        f"{KEEP}&read=writing", json={"drawings": [SEVEN, [], TWO]}, headers=BEARER
    )

    ids = [one["id"] for one in answer.json()["readings"]]
    assert [one is None for one in ids] == [False, True, False]
    assert len(list_writings(engine, Filters(), limit=10)) == 2


def test_the_last_text_stands_and_can_be_taken_back(keeping, engine):
    said = kept(keeping, "writing", {"strokes": TWO})

    told = [
        answered(keeping, said["id"], **body).json()
        for body in ({"answer": said["text"]}, {"answer": "Q"}, {"is_none": True}, {"answer": None})
    ]

    assert [one["answer"] for one in told] == [said["text"], "Q", None, None]
    assert [one["is_none"] for one in told] == [False, False, True, False]
    assert [one["read"] for one in told] == ["writing"] * 4
    assert told[0]["verdict"] == "read right"
    assert told[1]["verdict"] == "misread"
    assert told[3]["verdict"] is None


def test_a_text_is_kept_as_the_dashboard_keeps_it(keeping):
    said = kept(keeping, "writing")

    told = answered(keeping, said["id"], answer="  New \n York ").json()

    assert told["answer"] == "New York"


@pytest.mark.parametrize("answer", [7, "", "   ", "x" * 65, "a\u0007b"], ids=repr)
def test_what_is_no_text_is_refused_and_changes_nothing(keeping, engine, answer):
    said = kept(keeping, "writing")
    answered(keeping, said["id"], answer="7")

    assert problem(answered(keeping, said["id"], answer=answer), 422)["errors"]
    assert find_writing(engine, UUID(said["id"])).answer == "7"


def test_a_character_is_answered_with_its_label_and_counted_apart(keeping):
    said = kept(keeping, "characters")

    told = answered(keeping, said["id"], answer="Z").json()

    assert (told["read"], told["answer"]) == ("characters", "Z")
    page = keeping.get("/metrics").text
    assert f'inkling_answers_total{{reader="characters",verdict="{told["verdict"]}"}} 1.0' in page


def test_an_answer_to_what_another_wrote_is_404_and_to_what_was_deleted_410(keeping, engine):
    another = a_writing()
    record_drawing(engine, another)
    deleted = kept(keeping, "writing")["id"]
    delete_drawings(engine, [UUID(deleted)], session_id=None)

    problem(answered(keeping, another.id, answer="7"), 404)
    problem(answered(keeping, deleted, answer="7"), 410)


def test_each_kind_is_listed_by_itself_page_by_page(keeping):
    texts = [kept(keeping, "writing")["id"] for _ in range(3)]
    one = kept(keeping, "characters")["id"]
    kept(keeping, "digits")

    first = keeping.get("/v1/drawings?read=writing&limit=2", headers=BEARER).json()
    rest = keeping.get(
        "/v1/drawings", params={"read": "writing", "before": first["next"]}, headers=BEARER
    ).json()
    characters = keeping.get("/v1/drawings?read=characters", headers=BEARER).json()["drawings"]

    listed = [row["id"] for row in (*first["drawings"], *rest["drawings"])]
    assert listed == texts[::-1]
    assert [row["id"] for row in characters] == [one]
    assert rest["next"] is None


def test_the_export_of_writing_has_texts_characters_and_nobodys_session(keeping, engine):
    another = a_writing()
    record_drawing(engine, another)
    said = kept(keeping, "writing", {"strokes": TWO})
    answered(keeping, said["id"], answer=said["text"])

    answer = keeping.get("/v1/drawings/export?read=writing", headers=BEARER)

    rows = {row["id"]: row for row in map(json.loads, answer.text.splitlines())}
    assert rows.keys() == {said["id"], str(another.id)}
    row = rows[said["id"]]
    assert row["text"] == row["answer"] == said["text"]
    assert [one["truth"] for one in row["characters"]] == list(said["text"].replace(" ", ""))
    assert base64.b64decode(row["ink_png"]).startswith(b"\x89PNG")
    assert str(another.session_id) not in answer.text


def test_statistics_of_writing_count_its_answers(keeping):
    said = kept(keeping, "writing")
    answered(keeping, said["id"], answer=said["text"])
    kept(keeping, "writing")
    kept(keeping, "digits")

    numbers = keeping.get("/v1/statistics?read=writing").json()

    assert (numbers["drawings"], numbers["answers"], numbers["named"]) == (2, 1, 1)
    assert sum(numbers["verdicts"].values()) == 1
    assert keeping.get("/v1/statistics?read=characters").json()["drawings"] == 0


@pytest.mark.parametrize("path", ["/v1/drawings", "/v1/drawings/export", "/v1/statistics"])
def test_what_is_none_of_the_three_is_refused(keeping, path):
    problem(keeping.get(f"{path}?read=music", headers=BEARER), 422)
