"""Bad inputs by the hundred, to what is not a page: each ends in words, none in a traceback.

What is sent to pages is in `tests/streamlit/server/test_forged_messages.py`.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import model.predict
import run_streamlit
from environment import SETTINGS, read_environment
from feedback.connection.settings import SettingsError, read_settings
from model.errors import BadDrawing
from model.ink.images import FORMATS, open_image
from tests.model.ink.sketches import sketch

VALUES = [
    "x" * 5000,
    "\udcff",
    "\0",
    "\n",
    " ",
    "#",
    "'",
    "-1",
    "１",
    "\u202e",
    "~x/y",
    "/dev/null/x",
]
LINES = [
    b"\0",
    b"=",
    b"==",
    b"x",
    b"export",
    b"export X",
    b"'A'=1",
    b"A='",
    b'A="',
    b'A="\\',
    b"A='1\nB=2",
    b"A=1 #2",
    b"A=#2",
    b"A = = 1",
    b"\xff",
    b"A=\xe9",
    b"\xfe\xff\0A",
    b"A=\x1b[31m",
    b"A:1",
    b"{}",
    b"A=${A}",
    b"<html>",
    b"A=1\r\rB",
    b"\xef\xbb\xbf\xef\xbb\xbfA=1",
    b"A=" + b"x" * 100_000,
]


def refusal_of(call: Callable[[], object]) -> str:
    """Return the words in which a call refuses, none where it does not."""
    try:
        call()
    except (SystemExit, SettingsError) as refusal:
        return str(refusal)
    return ""


def damaged_pictures() -> Iterator[bytes]:
    """Yield pictures of each format, cut off or with some bytes changed, and what is none."""
    chance = np.random.default_rng(0)
    for kind in FORMATS:
        content = io.BytesIO()
        sketch(size=(60, 60), scale=0.3).convert("RGB").save(content, kind)
        whole = content.getvalue()
        for length in np.linspace(0, len(whole) - 1, 15, dtype=int).tolist():
            yield whole[:length]
        for _ in range(35):
            changed = bytearray(whole)
            for place in chance.integers(0, len(whole), 6):
                changed[place] = chance.integers(0, 256)
            yield bytes(changed)
    for start in (b"GIF89a", b"II*\0", b"%PDF-1.7", b"<svg", b"PK\x03\x04", b"\0\0\0\x20ftypheic"):
        yield start + chance.bytes(300)


@pytest.mark.filterwarnings("ignore")  # Pillow's, about damaged headers
def test_two_hundred_damaged_pictures_end_in_words() -> None:
    pictures = list(damaged_pictures())

    for picture in pictures:
        with contextlib.suppress(BadDrawing):  # what is still a picture is read
            assert max(open_image(picture).size) <= 1024

    assert len(pictures) > 200


@pytest.mark.parametrize("arguments", [["--port", *VALUES[:1]], ["--address"], ["--unknown"]])
def test_bad_usage_of_the_start_ends_in_words(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run_streamlit.parse_args(arguments)

    assert end.value.code == 2
    assert len(capsys.readouterr().err) < 1000


def test_every_setting_with_every_odd_value_ends_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0
    for name, value in itertools.product(SETTINGS, VALUES):
        if value == "\0":
            continue  # no environment can hold it
        tried += 1
        with monkeypatch.context() as change:
            for other in SETTINGS:
                change.delenv(other, raising=False)
            change.setenv(name, value)
            refusal = refusal_of(lambda: read_settings(read_environment(tmp_path / ".env")))
        assert len(refusal) < 500
        assert refusal.isprintable()

    assert tried > 100


@pytest.mark.parametrize("line", LINES, ids=lambda line: ascii(line)[2:30])
def test_every_odd_line_of_a_settings_file_ends_in_words_or_is_read(
    line: bytes, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes(b"DB_NAME=before\n" + line + b"\nDB_USER=after\n")

    refusal = refusal_of(lambda: read_environment(tmp_path / ".env"))

    if refusal:
        assert ".env" in refusal
        assert "line" in refusal
    else:
        assert read_environment(tmp_path / ".env")["DB_NAME"] == "before"


@pytest.fixture(scope="module")
def odd_paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("odd")
    names = [
        "a\x1b[2J.png",
        "a\nb.png",
        "a\tb.png",
        "\u202egnp.png",
        "-\u200b.png",
        "'.png",
        "$(x).png",
    ]
    for name in names:
        Image.new("L", (5, 5)).save(folder / name)
    os.mkfifo(folder / "pipe.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "nowhere.png").symlink_to(folder / "not there")
    (folder / "empty.png").touch()
    (folder / "folder.png").mkdir()
    with open(folder / "huge.png", "wb") as huge:
        huge.write(b"\x89PNG\r\n\x1a\n")
        huge.truncate(10**12)
    paths = [str(path) for path in folder.iterdir()]
    paths += [
        "",
        "\0",
        "x" * 300,
        "x" * 5000,
        "/dev/zero",
        "/dev/tty",
        "/proc/self/mem",
        "/proc/kmsg",
    ]
    return [
        *paths,
        "/dev/stdin",
        "~",
        "\udcff.png",
        "/etc/shadow/x",
        "file:///etc/passwd",
        "http://x",
    ]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_every_odd_file_gets_a_line_on_the_command_line(
    options: list[str], odd_paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = model.predict.main([*options, "--", *odd_paths])

    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert (status, said.err) == (1, "")
    assert len(lines) == len(odd_paths) > 25
    assert all(line.isprintable() for line in lines)
    if options:
        assert [json.loads(line)["image"] for line in lines] == odd_paths
