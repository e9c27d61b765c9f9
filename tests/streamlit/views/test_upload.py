"""Pictures from files on the Draw page."""

from __future__ import annotations

import io
from html import escape

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
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
    assert labels(app) == ["3", "5"]
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


def test_pictures_of_one_drop_are_in_the_order_chosen_and_the_last_drop_is_first(open_app):
    app = open_app()
    app.file_uploader[0].set_value([(f"{n}.png", picture(n), "image/png") for n in (3, 5, 2)])
    chosen = list(app.file_uploader[0]._files)
    app.run()
    first = labels(app)

    # The widget lists what is there already before what is added.
    app.file_uploader[0]._files = [*chosen, ("the id", "7.png", picture(7), "image/png")]
    app.run()

    assert first == ["3", "5", "2"]
    assert labels(app) == ["7", "3", "5", "2"]


def held_bytes(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, *files: tuple[str, bytes, str]
) -> int:
    """Return the bytes that are still held of these files after they were read."""
    managers = []
    add_file = MemoryUploadedFileManager.add_file

    def remember(manager, session_id, file):
        managers.append(manager)
        add_file(manager, session_id, file)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", remember)
    upload(app, *files)
    records = [record for held in managers[-1].file_storage.values() for record in held.values()]
    in_widget = [file.getbuffer().nbytes for file in app.session_state["draw_files_digit_0"]]
    return sum(len(record.data) for record in records) + sum(in_widget)


def test_the_bytes_of_what_was_read_are_let_go_and_the_picture_stays(open_app, monkeypatch):
    app = open_app()

    held = held_bytes(app, monkeypatch, ("three.png", picture(3), "image/png"))

    assert held == 0
    assert labels(app) == ["3"]
    assert "data:image/webp" in shown(app)


def test_what_could_not_be_read_is_let_go_too(open_app, monkeypatch):
    assert held_bytes(open_app(), monkeypatch, ("text.png", b"no picture" * 99, "image/png")) == 0


def test_more_than_twenty_pictures_are_not_taken_and_the_rest_is_named(open_app, embedded_store):
    three = picture(3)

    app = upload(open_app(), *((f"number {n}.png", three, "image/png") for n in range(23)))

    (warning,) = app.warning
    assert "3 of these files were not read: 20 pictures and 40 MB" in warning.value
    assert "Not read: number 20.png, number 21.png, number 22.png<" in shown(app)
    assert len(kept(embedded_store, 20)) == 20


def test_more_than_forty_megabytes_are_not_taken_and_the_rest_is_named(open_app):
    heavy = picture(3) + b"\0" * 15_000_000
    light = picture(5)

    app = upload(
        open_app(),
        *((f"heavy {n}.png", heavy, "image/png") for n in range(3)),
        ("light.png", light, "image/png"),
    )

    assert labels(app) == ["3", "3", "5"]
    assert "Not read: heavy 2.png<" in shown(app)


def test_there_is_room_again_when_pictures_are_removed(open_app):
    three, five = picture(3), picture(5)
    app = upload(open_app(), *((f"{n}.png", three, "image/png") for n in range(21)))

    app.button("draw_remove").click().run()
    app = upload(app, ("five.png", five, "image/png"))

    assert labels(app) == ["5"]
    assert not app.warning


@pytest.mark.parametrize("name", ["[here](http://evil.example).png", "**a**<b>x</b>.png"])
def test_a_name_is_text_on_the_page_and_no_markdown(open_app, name):
    app = upload(open_app(), (name, picture(3), "image/png"))

    assert f">{escape(name)}<" in shown(app)
    markdown = [element.value for kind in (app.caption, app.markdown) for element in kind]
    assert not any(name[:6] in words for words in markdown)


def test_control_characters_of_a_name_are_shown_as_such(open_app):
    app = upload(open_app(), ("a\x1b[2J\u202egnp.png", picture(3), "image/png"))

    assert escape(r"'a\x1b[2J\u202egnp.png'") in shown(app)
    assert "\x1b" not in shown(app)


def test_the_formats_are_those_that_can_be_read(open_app):
    app = upload(open_app(), ("three.bmp", picture(3, "BMP"), "image/bmp"))

    assert labels(app) == ["3"]
    assert "PNG, JPEG, WebP or BMP" in app.file_uploader[0].proto.help


def test_pictures_without_a_card_yet_are_kept_too(open_app, embedded_store):
    three = picture(3)

    upload(open_app(), *((f"{n}.png", three, "image/png") for n in range(11)))

    assert len(kept(embedded_store, 11)) == 11
