from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from model.pen.drawings import CHARACTER_FOLDERS, load_pen_drawings
from model.pen.sites import (
    PARTS,
    SAME_PEOPLE,
    TEST_SITES,
    VALIDATION_SITES,
    WRITING_VALIDATION_SITES,
    part_of,
)
from model.pen.written_lines import load_written_lines


def test_a_site_that_is_named_nowhere_trains() -> None:
    assert part_of("a site of tomorrow") == "training"


def test_the_sites_that_were_tested_on_first_stay_test_sites() -> None:
    assert {"ced", "ibm"} <= set(TEST_SITES)
    assert {part_of(site) for site in TEST_SITES} == {"test"}


def test_sites_that_share_people_have_one_part() -> None:
    for together in SAME_PEOPLE:
        assert len({part_of(site) for site in together}) == 1
    assert part_of("cee") == "test"


def test_no_site_validates_and_tests() -> None:
    validation = {*VALIDATION_SITES, *WRITING_VALIDATION_SITES}

    assert not validation & set(TEST_SITES)
    assert {part_of(site) for site in validation} == {"validation"}


@pytest.mark.data
def test_no_writer_of_the_recorded_lines_has_two_parts(datasets: Path) -> None:
    if not (datasets / "lines").is_dir():
        pytest.skip(f"there are no written lines in {datasets}")
    parts = defaultdict(set)

    for part in PARTS:
        for line in load_written_lines(datasets, part):
            parts[line.writer.partition("/")[2]].add(part)  # the digest of the name, of any site

    assert len(parts) > 300
    assert {name for name, those in parts.items() if len(those) > 1} == set()


@pytest.mark.data
def test_every_character_is_there_to_train_and_to_test(datasets: Path) -> None:
    if not (datasets / "pen").is_dir():
        pytest.skip(f"there are no pen strokes in {datasets}")

    for part in ("training", "test"):
        labels = {d.label for d in load_pen_drawings(datasets, part, CHARACTER_FOLDERS)}
        assert len(labels) == 62
