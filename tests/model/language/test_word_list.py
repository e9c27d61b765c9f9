from __future__ import annotations

from pathlib import Path

import pytest

from model.convert_words import main
from model.language.word_list import (
    FILE,
    LONGEST,
    SIZES,
    common,
    load_words,
    read_scowl,
    write_words,
)

LISTS = {
    "english-words.10": "the\nan\nn't\nit's\nb\n",
    "english-words.35": "the\nwriter\n",
    "american-words.20": "color\n",
    "english-upper.50": "Monday\n",
    "american-proper-names.70": "Zo\xeb\nBerlin\n",
    "english-words.80": "abaculi\n",  # a size that is not taken
    "british-words.10": "colour\n",  # nor this region
    "english-contractions.10": "dont\n",
}


@pytest.fixture
def scowl(tmp_path: Path) -> Path:
    for name, text in LISTS.items():
        (tmp_path / name).write_text(text, encoding="latin-1")
    return tmp_path


def test_scowl_is_read_as_small_words_with_the_first_list_that_has_each(scowl: Path) -> None:
    assert read_scowl(scowl) == {
        "the": 10, "an": 10, "color": 20, "writer": 35, "monday": 50, "berlin": 70,
    }  # fmt: skip


def test_of_single_letters_a_and_i_alone_are_words(tmp_path: Path) -> None:
    (tmp_path / "english-words.10").write_text("A\nb\nI\nx\n")

    assert set(read_scowl(tmp_path)) == {"a", "i"}


def test_words_longer_than_anybody_writes_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "english-words.10").write_text(f"{'a' * LONGEST}\n{'b' * (LONGEST + 1)}\n")

    assert set(read_scowl(tmp_path)) == {"a" * LONGEST}


def test_a_folder_without_lists_is_said_to_have_none(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(FileNotFoundError, match=r"none of SCOWL's lists"):
            read_scowl(folder)


def test_the_same_words_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    one, two = tmp_path / "one.gz", tmp_path / "two.gz"

    write_words({"b": 10, "a": 10, "c": 35}, one)
    write_words({"c": 35, "a": 10, "b": 10}, two)

    assert one.read_bytes() == two.read_bytes()


def test_the_shipped_list_is_written_as_it_was_read(tmp_path: Path) -> None:
    write_words(load_words(), tmp_path / "again.gz")

    assert (tmp_path / "again.gz").read_bytes() == FILE.read_bytes()


def test_the_shipped_list_has_common_words_of_every_size() -> None:
    words = load_words()

    assert {words[word] for word in ("the", "house", "a", "i")} == {SIZES[0]}
    assert set(words.values()) == set(SIZES)
    assert all(word.islower() and word.isascii() and word.isalpha() for word in words)


def test_common_words_are_those_of_the_first_lists_sorted() -> None:
    assert common({"b": 10, "a": 35, "c": 50}, 35) == ["a", "b"]


def test_the_command_makes_the_list(scowl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = scowl / "words.gz"

    main(["--scowl", str(scowl), "--out", str(out)])

    assert capsys.readouterr().out == f"6 words in {out}\n"
    wanted = scowl / "wanted.gz"
    write_words(read_scowl(scowl), wanted)
    assert out.read_bytes() == wanted.read_bytes()


def test_the_command_says_in_a_sentence_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--scowl", str(tmp_path / "missing"), "--out", str(tmp_path / "words.gz")])

    words = f"could not make the word list: {tmp_path / 'missing'} has none of SCOWL's lists"
    assert str(ended.value.code).startswith(words)
    assert not (tmp_path / "words.gz").exists()
