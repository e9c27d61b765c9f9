"""Isolated digits and letters of UNIPEN's release train_r01_v07.

I. Guyon, L. Schomaker, R. Plamondon, M. Liberman and S. Janet, ICPR 1994; zenodo.org/records/
1195803, CC BY 4.0. Its CDROM-README lays down the folders: `data/1a/SITE/...` holds files of
segments (1a: digits, 1b: capitals, 1c: small letters), which include their ink and the description
of its columns from `include/SITE/...`. SITE is three letters for who gave the data.

What a drawing's `writer` is: the file that its ink comes from. The release names writers too
(`.WRITER_ID`), but by each site's own rules, often by a person's name, and not always. A person may
have filled several files, so that a fair split goes by `source`, the site.
"""

from __future__ import annotations

import contextlib
import shutil
import string
import tarfile
import tempfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TypeVar

from tqdm import tqdm

from model.datasets.idx import DatasetError
from model.pen.drawings import PenDrawing
from model.pen.quick_draw import to_quick_draw
from model.pen.unipen import DamagedInk, read_recording, read_text

CATEGORIES = {
    "1a": string.digits,
    "1b": string.ascii_uppercase,
    "1c": string.ascii_lowercase,
}
CHARACTER_LEVELS = "CHARACTER", "CHAR", ""  # the last: of a damaged line, to be counted
BAR_AFTER_S = 2.0
Files = TypeVar("Files")


@contextmanager
def open_release(
    path: Path, sites: Collection[str] = (), categories: Collection[str] = tuple(CATEGORIES)
) -> Iterator[Path]:
    """Give the folder that has `data` and `include`: `path`, within it, or unpacked from it.

    path: a folder, or a tar archive, compressed or not, which is unpacked to a temporary folder;
    of an archive only `sites` are unpacked, or all, and of `data` only `categories`.
    Raises DatasetError.
    """
    if path.is_dir():
        yield _root(path, categories)
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            _unpack(path, Path(folder), sites, categories)
        except FileNotFoundError as error:
            raise DatasetError(
                f"there is no {path}: name the folder or the tar archive of train_r01_v07"
            ) from error
        except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
            raise DatasetError(
                f"could not unpack {path}, which should be a tar archive: {_line(error)}"
            ) from error
        yield _root(Path(folder), categories, path)


def _root(folder: Path, categories: Collection[str], named: Path | None = None) -> Path:
    with contextlib.suppress(PermissionError):
        for place in [folder, *sorted(folder.iterdir())]:
            has_data = any((place / "data" / category).is_dir() for category in categories)
            if has_data and (place / "include").is_dir():
                return place
    raise DatasetError(
        f"{named or folder} is not UNIPEN's train_r01_v07, or holds none of the sites asked for: "
        f"there are no folders data/{next(iter(categories))} and include in it"
    )


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _unpack(path: Path, folder: Path, sites: Collection[str], categories: Collection[str]) -> None:
    with (
        path.open("rb") as raw,
        tqdm(
            total=path.stat().st_size,
            desc=f"unpacking {path.name}",
            unit="B",
            unit_scale=True,
            leave=False,
            disable=None,
            delay=BAR_AFTER_S,
        ) as bar,
        tarfile.open(fileobj=raw, mode="r|*") as archive,
    ):
        for member in archive:
            bar.update(raw.tell() - bar.n)
            place = _place(PurePosixPath(member.name), sites, categories)
            content = archive.extractfile(member) if place and member.isfile() else None
            if place is None or content is None:
                continue
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)


def _place(
    name: PurePosixPath, sites: Collection[str], categories: Collection[str]
) -> PurePosixPath | None:
    """Return where a member goes, `data/1a/SITE/...` or `include/SITE/...`; None for the others."""
    parts = name.parts
    start = next((i for i, part in enumerate(parts) if part in ("data", "include")), len(parts))
    parts = parts[start:]
    depth = 2 if parts[:1] == ("data",) else 1
    if len(parts) <= depth + 1 or ".." in parts or (depth == 2 and parts[1] not in categories):
        return None
    return PurePosixPath(*parts) if not sites or parts[depth] in sites else None


def read_release(
    root: Path, sites: Collection[str], skipped: Counter[str], epsilon_px: float = 0.0
) -> Iterator[PenDrawing]:
    """Yield the drawings by category, site, file and place in the file; count what is skipped.

    root: the folder that has `data` and `include`; sites: those wanted, or none for all of them.
    Raises DatasetError for a site that is not there.
    """
    for category, name, file in progress(segment_files(root, CATEGORIES, sites)):
        yield from _read_file(file, name, root / "include", category, skipped, epsilon_px)


def segment_files(
    root: Path, categories: Collection[str], sites: Collection[str]
) -> list[tuple[str, str, Path]]:
    """Return each file of segments with its category and its name in it, by category and name.

    Raises DatasetError for a site that has none.
    """
    files = [
        (category, file.relative_to(root / "data" / category).as_posix(), file)
        for category in categories
        for file in (root / "data" / category).glob("*/**/*")
        if file.is_file()
    ]
    there = {name.partition("/")[0] for _, name, _ in files}
    if absent := sorted(set(sites) - there):
        raise DatasetError(
            f"there is no site {', '.join(absent)} in {root}: it has {', '.join(sorted(there))}"
        )
    return sorted(f for f in files if not sites or f[1].partition("/")[0] in sites)


def progress(files: Sequence[Files]) -> Iterable[Files]:
    """Return the files, under a bar where they take a while."""
    bar: Iterable[Files] = tqdm(
        files, desc="UNIPEN", unit=" files", leave=False, disable=None, delay=BAR_AFTER_S
    )
    return bar


def _read_file(
    file: Path,
    name: str,
    include: Path,
    category: str,
    skipped: Counter[str],
    epsilon_px: float,
) -> Iterator[PenDrawing]:
    try:
        recording = read_recording(read_text(file), name, include)
    except OSError:
        skipped["files that cannot be read"] += 1
        return
    for number, segment in enumerate(recording.segments):
        if segment.level not in CHARACTER_LEVELS:
            continue  # a word, or a text, that a character is part of
        if len(segment.label) != 1 or segment.label not in CATEGORIES[category]:
            skipped[f"labels that are not of {category}"] += 1
            continue
        try:
            strokes, ink_file = recording.ink(number)
        except DamagedInk as damage:
            skipped[str(damage)] += 1
            continue
        yield PenDrawing(
            label=segment.label,
            writer=ink_file,
            source=name.partition("/")[0],
            strokes=to_quick_draw(strokes, epsilon_px),
        )
