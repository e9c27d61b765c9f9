"""Pictures from files on the Draw page."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.browser.strokes import DIGITS, scaled
from tests.streamlit.drawn import png_of
from tests.streamlit.seen import kept, labels, shown


def picture(value: int, kind: str = "PNG") -> bytes:
    image = Image.open(io.BytesIO(png_of(scaled(DIGITS[value], 280)))).convert("RGB")
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def upload(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    app.file_uploader[0].set_value(list(files)).run()
    assert not app.exception
    return app


def test_a_picture_is_read_and_kept_as_an_upload(open_app, embedded_store):
    app = upload(open_app(), ("three.png", picture(3), "image/png"))

    (row,) = kept(embedded_store, 1)

    assert labels(app) == ["3"]
    assert (row.source, row.predicted, row.strokes) == ("upload", 3, None)


def test_several_pictures_get_a_card_and_a_question_each(open_app, embedded_store):
    files = [
        ("three.jpg", picture(3, "JPEG"), "image/jpeg"),
        ("five.webp", picture(5, "WEBP"), "image/webp"),
    ]
    app = upload(open_app(), *files)
    yes = [button for button in app.button if button.key.startswith("draw_yes_upload")]

    yes[0].click().run()

    rows = kept(embedded_store, 2)
    assert sorted(labels(app)) == ["3", "5"]
    assert len(yes) == 2
    assert {(row.predicted, row.answer) for row in rows} in (
        {(3, None), (5, 5)},
        {(3, 3), (5, None)},
    )


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("text.png", b"this is no picture at all", "no picture"),
        ("empty.png", b"", ""),
        ("cut.png", picture(3)[:300], ""),
    ],
)
def test_what_is_no_picture_gets_one_sentence(open_app, embedded_store, name, content, word):
    good = ("five.png", picture(5), "image/png")
    app = upload(open_app(), (name, content, "image/png"), good)

    assert labels(app) == ["5"]
    (warning,) = app.warning
    assert word in warning.value
    assert "Traceback" not in shown(app)
    assert len(kept(embedded_store, 1)) == 1


def test_a_blank_picture_is_not_guessed_at(open_app):
    file = io.BytesIO()
    Image.fromarray(np.full((64, 64), 255, np.uint8)).save(file, "PNG")

    app = upload(open_app(), ("blank.png", file.getvalue(), "image/png"))

    assert labels(app) == []
    assert len(app.warning) == 1


def test_all_pictures_can_be_taken_off_the_page_and_stay_kept(open_app, embedded_store):
    app = upload(open_app(), ("three.png", picture(3), "image/png"))
    kept(embedded_store, 1)

    app.button("draw_remove").click().run()

    assert labels(app) == []
    assert len(kept(embedded_store, 1)) == 1


def test_of_many_pictures_a_few_are_shown_at_first(open_app):
    three = picture(3)
    app = upload(open_app(), *((f"{n}.png", three, "image/png") for n in range(11)))
    first = len(labels(app))

    app.button("draw_more").click().run()

    assert first == 8
    assert len(labels(app)) == 11


def test_pictures_without_a_card_yet_are_kept_too(open_app, embedded_store):
    three = picture(3)

    upload(open_app(), *((f"{n}.png", three, "image/png") for n in range(11)))

    assert len(kept(embedded_store, 11)) == 11
