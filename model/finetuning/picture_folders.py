"""Folders of pictures, one for each digit, as people keep their own drawings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from model.datasets.mnist import CLASSES
from model.errors import BadDrawing
from model.finetuning.answered import NO_DIGIT, AnsweredDrawing, TooLittleToLearn
from model.ink.file_names import printable, shown_name
from model.ink.images import open_image
from model.ink.preprocess import prepare

NO_DIGIT_FOLDERS = ("not-a-digit", "none")
LABELS = {name: label for label, name in enumerate(CLASSES)}
LABELS |= dict.fromkeys(NO_DIGIT_FOLDERS, NO_DIGIT)
EXPECTED = f"folders called 0 to 9, and {' or '.join(NO_DIGIT_FOLDERS)} for what is no digit"
NAMED = 5  # files or folders that a sentence names, before it counts the others


@dataclass(frozen=True)
class PictureFolders:
    """What was found: drawings in the order of their paths, and sentences on the rest."""

    drawings: list[AnsweredDrawing]
    remarks: list[str]  # what was passed over and why, each for a person


def read_picture_folders(folder: Path) -> PictureFolders:
    """Read every picture below `folder`/0 to `folder`/9 and below its folder of what is no digit.

    What cannot be read is counted and named in the remarks. Raises TooLittleToLearn where there is
    no such folder, or none in it that is called after a digit.
    """
    inside = _list(folder)
    folders = [path for path in inside if path.is_dir()]
    loose = [path for path in inside if path not in folders]
    labelled = [path for path in folders if path.name in LABELS]
    strange = [path for path in folders if path.name not in LABELS]
    if not labelled:
        found = f", only {_named(strange)}" if strange else ""
        raise TooLittleToLearn(f"{_shown(folder)} has no {EXPECTED}{found}")
    remarks = []
    if strange:
        remarks.append(f"passed over {_named(strange)}: expected {EXPECTED}")
    if loose:
        remarks.append(
            f"passed over {_files(len(loose))} beside the folders: which digit they show is said "
            "by the folder that they lie in"
        )
    drawings, unreadable = _read([(p, LABELS[f.name]) for f in labelled for p in _files_below(f)])
    if unreadable:
        shown = "; ".join(f"{_shown(path)}: {reason}" for path, reason in unreadable[:NAMED])
        more = f"; and {len(unreadable) - NAMED:,} more" if len(unreadable) > NAMED else ""
        remarks.append(f"could not read {_files(len(unreadable))}: {shown}{more}")
    return PictureFolders(drawings, remarks)


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not _is_hidden(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        is_file = isinstance(error, NotADirectoryError)
        what = "is a file, but should be a folder" if is_file else "is not there"
        raise TooLittleToLearn(f"{_shown(folder)} {what}: --drawings takes {EXPECTED}") from error
    except OSError as error:
        raise TooLittleToLearn(
            f"{_shown(folder)} cannot be read: {error.strerror or error}"
        ) from error


def _read(
    files: list[tuple[Path, int]],
) -> tuple[list[AnsweredDrawing], list[tuple[Path, str]]]:
    drawings, unreadable = [], []
    for path, label in tqdm(files, "reading", unit=" pictures", leave=False, disable=None):
        try:
            drawings.append(AnsweredDrawing(prepare(open_image(path)), label))
        except BadDrawing as refusal:
            unreadable.append((path, printable(str(refusal))))
    return drawings, unreadable


def _files_below(folder: Path) -> list[Path]:
    """Return the files in a folder and in those in it, in the order of their paths."""
    return sorted(
        path
        for path in folder.rglob("*")
        if not path.is_dir()
        and not any(_is_hidden(Path(part)) for part in path.relative_to(folder).parts)
    )


def _is_hidden(path: Path) -> bool:
    """Tell whether a system or an archiver left it there, and no person looks at it."""
    return path.name.startswith((".", "__MACOSX")) or path.name in ("Thumbs.db", "desktop.ini")


def _named(paths: list[Path]) -> str:
    names = ", ".join(shown_name(path.name) for path in paths[:NAMED])
    more = f" and {len(paths) - NAMED:,} more" if len(paths) > NAMED else ""
    return f"{'a folder' if len(paths) == 1 else f'{len(paths):,} folders'} called {names}{more}"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _shown(path: Path) -> str:
    return shown_name(str(path))
