from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from model.line_training import samples as samples_module
from model.line_training.held_out import hold_out
from model.line_training.no_writing import make_no_writing
from model.line_training.samples import (
    WIDEST_PX,
    Amounts,
    LineSamples,
    gather,
    is_usable,
    make_samples,
    together,
)
from model.line_training.spelling import NO_WRITING
from tests.model.line_training.written import TEXTS, line, samples, write_data

FEW = Amounts(printed_rounds=2, joined_rounds=1, composed=6)
WORDS = ["tint", "nit"]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"), "training", "validation", "test")


def make(data_dir: Path, cache: Path, amounts: Amounts = FEW, seed: int = 0) -> LineSamples:
    return make_samples(data_dir, cache, amounts, WORDS, seed)


def assert_same(one: LineSamples, two: LineSamples) -> None:
    assert one.texts == two.texts
    assert one.strips is not None
    assert two.strips is not None
    for a, b in zip(one.strips, two.strips, strict=True):
        assert np.array_equal(a, b)
    for some, others in zip(one.strokes, two.strokes, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(some, others, strict=True))


def test_recorded_lines_come_as_often_as_they_are_drawn_and_composed_ones_with_them(
    data_dir: Path, tmp_path: Path
) -> None:
    made = make(data_dir, tmp_path)

    assert sorted(made.texts[:16]) == sorted(TEXTS * 2)
    assert len(made) == 16 + 6
    assert made.strips is not None
    assert {strip.shape[0] for strip in made.strips} == {40}
    assert len(made.strokes) == len(made.strips) == len(made)


def test_what_was_kept_is_what_was_made(data_dir: Path, tmp_path: Path) -> None:
    made = make(data_dir, tmp_path)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns

    assert_same(make(data_dir, tmp_path), made)
    assert kept.stat().st_mtime_ns == written


def test_other_amounts_or_another_seed_are_kept_apart(data_dir: Path, tmp_path: Path) -> None:
    make(data_dir, tmp_path)
    make(data_dir, tmp_path, dataclasses.replace(FEW, composed=3))
    make(data_dir, tmp_path, seed=1)

    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no archive at all", None])
def test_a_damaged_file_is_made_anew(data_dir: Path, tmp_path: Path, damage: bytes | None) -> None:
    made = make(data_dir, tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2] if damage is None else damage)

    assert_same(make(data_dir, tmp_path), made)
    assert kept.stat().st_size == len(whole)


def test_a_cache_that_cannot_be_kept_is_said_and_passed_over(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    made = make(data_dir, tmp_path / "file")

    assert len(made) == 22
    assert "lines are not kept in" in capsys.readouterr().err


def test_without_data_there_are_no_lines(tmp_path: Path) -> None:
    assert len(make(tmp_path / "none", tmp_path / "cache")) == 0


def test_what_cannot_be_learnt_is_left_out() -> None:
    usable = line("HAT")
    wide = [[[0, WIDEST_PX * 5], [0, 255]]]

    assert is_usable(usable)
    assert not is_usable(dataclasses.replace(usable, text="HAT!"))
    assert not is_usable(dataclasses.replace(usable, text="H" * 27))
    assert not is_usable(dataclasses.replace(usable, strokes=wide))


def test_a_part_has_the_lines_and_hands_of_its_own_sites(data_dir: Path) -> None:
    for part, site in (("training", "syn"), ("validation", "apa"), ("test", "ced")):
        lines, hands = gather(data_dir, part)

        assert {one.source for one in lines} == {site}
        assert {hand.source for hand in hands} == {site}
        assert len(lines) == len(TEXTS)


@pytest.mark.parametrize(("part", "site"), [("validation", "apa"), ("test", "ced")])
def test_what_is_held_out_is_of_its_part_alone(data_dir: Path, part: str, site: str) -> None:
    sets = hold_out(data_dir, part, 5, 4, WORDS, 0)

    assert {name: len(some.lines) for name, some in sets.items()} == {"printed": 5, "composed": 4}
    assert {one.source for some in sets.values() for one in some.lines} == {site}
    for some in sets.values():
        assert len(some.strips) == len(some.paths) == len(some.lines)


@pytest.mark.parametrize("kind", ["strip", "path"])
def test_held_out_lines_are_each_in_one_batch(data_dir: Path, kind: str) -> None:
    held_out = hold_out(data_dir, "validation", 8, 0, WORDS, 0)["printed"]

    batches = held_out.batches(kind)

    assert sorted(text for batch in batches for text in batch.texts) == sorted(TEXTS)


def test_a_part_without_data_holds_nothing_out(tmp_path: Path) -> None:
    assert hold_out(tmp_path, "validation", 5, 4, WORDS, 0) == {}


def test_scribbles_are_all_no_writing_and_the_same_for_the_same_seed() -> None:
    made = make_no_writing(8, 3)

    assert set(made.texts) == {NO_WRITING}
    assert 1 <= len(made) <= 8
    assert_same(make_no_writing(8, 3), made)


def test_sets_stand_one_after_the_other() -> None:
    one, two = samples("HAT"), samples("tin", "41")

    both = together(one, two)

    assert both.texts == ["HAT", "tin", "41"]
    assert both.strips is not None
    assert (len(both.strokes), len(both.strips)) == (3, 3)


def test_nothing_is_kept_under_a_name_that_is_half_written(data_dir: Path, tmp_path: Path) -> None:
    make(data_dir, tmp_path)

    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]
    assert samples_module._read(next(tmp_path.iterdir())) is not None
