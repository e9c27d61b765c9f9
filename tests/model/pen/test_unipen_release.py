from __future__ import annotations

import io
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from model.datasets.idx import DatasetError
from model.pen.drawings import PenDrawing
from model.pen.unipen_release import open_release, read_release
from tests.model.pen.pen_recordings import RELEASE, write_archive, write_release


def drawings(path: Path, *sites: str, skipped: Counter[str] | None = None) -> list[PenDrawing]:
    with open_release(path, sites) as root:
        return list(read_release(root, sites, Counter() if skipped is None else skipped))


def test_the_drawings_of_a_release_carry_their_label_their_site_and_the_file_of_their_ink(
    tmp_path: Path,
) -> None:
    found = drawings(write_release(tmp_path))

    ink = "apa/data/apa00/app0001.dat"
    assert found == [
        PenDrawing("1", ink, "apa", [[[0, 0], [0, 255]]]),
        PenDrawing("7", ink, "apa", [[[0, 255], [0, 255]]]),
        PenDrawing("I", ink, "apa", [[[0, 0], [0, 255]]]),
        PenDrawing("t", "tos/data/f1.dat", "tos", [[[0, 128], [128, 128]], [[64, 64], [0, 255]]]),
    ]


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz"])
def test_an_archive_gives_the_drawings_of_its_folder(tmp_path: Path, compression: str) -> None:
    folder = write_release(tmp_path / "folder")
    archive = write_archive(tmp_path / "train.tar", folder, compression)

    assert drawings(archive) == drawings(folder) == drawings(folder / "train_r01_v07")
    assert drawings(archive, "tos") == drawings(folder, "tos") == drawings(folder)[-1:]


def test_drawings_come_by_category_site_and_file(tmp_path: Path) -> None:
    ink = RELEASE["include/apa/data/apa00/app0001.dat"]
    changes = {
        "include/aaa/z.dat": ".COORD X Y\n" + ink,
        "data/1a/aaa/z.dat": '.INCLUDE aaa/z.dat\n.SEGMENT CHARACTER 0 ? "5"\n',
        "data/1a/apa/apa00/app0000.dat": RELEASE["data/1a/apa/apa00/app0001.dat"],
    }

    found = drawings(write_release(tmp_path, changes))

    assert "".join(drawing.label for drawing in found) == "51717It"


def test_what_is_damaged_is_skipped_and_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    changes = {
        "data/1a/apa/apa00/app0001.dat": RELEASE["data/1a/apa/apa00/app0001.dat"]
        + '.SEGMENT CHARACTER 9 ? "3"\n'
        + '.SEGMENT CHARACTER 3-\xe9 ? "3"\n'
        + '.SEGMENT CHARACTER 0 ? "3\n'
        + ".SEGMENT\n"
        + '.SEGMENT CHARACTER 0 ? "x"\n'
        + '.SEGMENT CHARACTER 0 ? "12"\n'
        + '.SEGMENT CHARACTER 0 ? "\xb2"\n',
        "data/1b/tos/gone.dat": '.INCLUDE tos/gone.dat\n.SEGMENT CHARACTER 0 ? "A"\n',
        "data/1b/tos/noise.dat": "\x00\xff.PEN_DOWN\n",
    }
    skipped: Counter[str] = Counter()

    found = drawings(write_release(tmp_path, changes), skipped=skipped)

    assert [drawing.label for drawing in found] == ["1", "7", "I", "t"]
    assert skipped == {
        "components that are not there": 2,
        "a delineation that is none": 1,
        "labels that are not of 1a": 5,
    }


def test_a_site_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    folder = write_release(tmp_path)

    with pytest.raises(DatasetError, match=r"no site syn in .*: it has apa, tos$"):
        drawings(folder, "syn", "tos")


def test_what_is_no_release_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("no archive at all\n" * 99)
    whole = write_archive(tmp_path / "whole.tgz", write_release(tmp_path / "folder")).read_bytes()
    (tmp_path / "cut.tgz").write_bytes(whole[: len(whole) // 2])
    write_archive(tmp_path / "other.tar", tmp_path / "empty")

    for name in ("empty", "text", "cut.tgz", "other.tar", "gone"):
        with pytest.raises(DatasetError) as refusal:
            drawings(tmp_path / name)

        assert str(tmp_path / name) in str(refusal.value)
        assert "\n" not in str(refusal.value)


def test_an_archive_writes_nothing_outside_of_its_own_folder(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    with tarfile.open(archive, "w") as tar:
        for name in ("data/1a/../../../escaped/x", "/include/apa/../../../escaped/x"):
            member = tarfile.TarInfo(name)
            member.size = 1
            tar.addfile(member, io.BytesIO(b"x"))
        link = tarfile.TarInfo("include/apa/link")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
        tar.addfile(link)
        for name, text in RELEASE.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode("latin-1")))

    with open_release(archive) as root:
        written = {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}

    assert written == {
        name for name in RELEASE if name.startswith(("data/1a", "data/1b", "data/1c", "include"))
    }
    assert not root.exists()
