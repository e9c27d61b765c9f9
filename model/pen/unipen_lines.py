"""Words, numbers and short lines of UNIPEN's release train_r01_v07.

`data/7/SITE/...` has words and `data/8/SITE/...` texts, each with what it includes, as
`unipen_release` says. Of which strokes a character consists is told, for some, by files of the same
name in the categories of characters. A text is cut into its words by these characters, or else by
its widest gaps (`line_cutting`), and left out where that is doubtful; what it is before it is
cut, up to LONGEST_LINE characters of it, is a line of its own.

What a line's `writer` is: its site, and a digest of the name that the release gives (`.WRITER_ID`),
which is often a person's. The same person has the same name in all files of a site, and now and
then at another one (`sites`).
"""

from __future__ import annotations

import hashlib
import string
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.pen.line_cutting import cut_by_gaps
from model.pen.quick_draw import to_quick_draw
from model.pen.unipen import DamagedInk, Points, Recording, read_recording, read_text
from model.pen.unipen_release import CHARACTER_LEVELS, progress, segment_files
from model.pen.written_lines import WrittenLine

WRITING = "7", "8"  # words; texts
CHARACTERS = "1a", "1b", "1c", "2", "3"  # digits, capitals, small letters, all; all within words
LINE_CATEGORIES = *WRITING, *CHARACTERS
ALPHABET = frozenset(string.digits + string.ascii_letters)
LONGEST_LINE = 24  # characters, spaces among them
FEWEST_STROKES = 0.75  # for each character: hands that join more are left out
DIGEST = 6  # hexadecimal digits of a writer's

Place = tuple[int, int | None, int | None]  # a component, and which of its points


@dataclass(frozen=True)
class Written:
    """What a segment says, and its ink."""

    label: str
    places: tuple[Place, ...]  # of the strokes
    strokes: list[Points]  # pen down, y up
    writer: str


def read_release_lines(
    root: Path, sites: Collection[str], skipped: Counter[str], epsilon_px: float = 0.0
) -> Iterator[WrittenLine]:
    """Yield the words and lines by site, file and place in the file; count what is skipped.

    root: the folder that has `data` and `include`; sites: those wanted, or none for all of them.
    A line comes after its words. Raises DatasetError for a site that is not there.
    """
    files: dict[str, dict[str, Path]] = {}
    for category, name, file in segment_files(root, LINE_CATEGORIES, sites):
        files.setdefault(name, {})[category] = file
    for name in progress(sorted(files)):
        if not files[name].keys() & set(WRITING):
            continue
        recordings = {
            category: recording
            for category, file in sorted(files[name].items())
            if (recording := _read(file, name, root / "include", skipped)) is not None
        }
        for written, characters in _read_file(recordings, skipped):
            yield WrittenLine(
                text=written.label,
                writer=f"{name.partition('/')[0]}/{_digest(written.writer or name)}",
                source=name.partition("/")[0],
                strokes=to_quick_draw(written.strokes, epsilon_px, by_height=True),
                characters=characters,
            )


def _read(file: Path, name: str, include: Path, skipped: Counter[str]) -> Recording | None:
    try:
        return read_recording(read_text(file), name, include)
    except OSError:
        skipped["files that cannot be read"] += 1
        return None


def _digest(writer: str) -> str:
    return hashlib.md5(writer.encode(), usedforsecurity=False).hexdigest()[:DIGEST]


def _read_file(
    recordings: dict[str, Recording], skipped: Counter[str]
) -> Iterator[tuple[Written, tuple[tuple[int, ...], ...] | None]]:
    """Yield what was written, and the strokes of each of its characters where they are known."""
    characters = _characters(recordings)
    told: dict[frozenset[Place], str] = {}  # ink that is a word or a line already
    for category in WRITING:
        recording = recordings.get(category, Recording())
        for number, segment in enumerate(recording.segments):
            if segment.level in CHARACTER_LEVELS:
                continue
            words = segment.label.split()
            if not words or not ALPHABET.issuperset("".join(words)):
                skipped["labels with other characters than letters and digits"] += 1
                continue
            try:
                whole = _written(recording, number, " ".join(words))
            except DamagedInk as damage:
                skipped[str(damage)] += 1
                continue
            pieces = _pieces(whole, words, characters, told)
            if pieces is None:
                skipped["lines of which it is doubtful where they fall into words"] += 1
                continue
            for piece in pieces:
                if len(piece.label) < 2:
                    skipped["single characters"] += 1
                elif len(piece.strokes) < FEWEST_STROKES * len(piece.label.replace(" ", "")):
                    skipped["joined hands"] += 1
                elif (ink := frozenset(piece.places)) not in told:
                    told[ink] = piece.label
                    yield piece, _told_apart(piece, characters)


def _written(recording: Recording, number: int, label: str) -> Written:
    places: list[Place] = []
    for index, start, stop in recording.pieces(number):
        if recording.components[index].pen_down:
            places.append((index, start, stop))
    strokes, _ = recording.ink(number)
    return Written(label, tuple(places), strokes, recording.components[places[0][0]].writer)


def _characters(recordings: dict[str, Recording]) -> dict[Place, tuple[str, frozenset[Place]]]:
    """Return, for each stroke that is a character's, the character and all of its strokes."""
    found: dict[Place, tuple[str, frozenset[Place]]] = {}
    for recording in recordings.values():
        for number, segment in enumerate(recording.segments):
            if segment.level not in CHARACTER_LEVELS or segment.label not in ALPHABET:
                continue
            try:
                written = _written(recording, number, segment.label)
            except (DamagedInk, IndexError):
                continue
            ink = frozenset(written.places)
            for place in written.places:
                found.setdefault(place, (segment.label, ink))
    return found


def _told_apart(
    written: Written, characters: dict[Place, tuple[str, frozenset[Place]]]
) -> tuple[tuple[int, ...], ...] | None:
    """Return which strokes are which character, in the order of the label; None if not known."""
    if not all(place in characters for place in written.places):
        return None
    groups = list(dict.fromkeys(characters[place] for place in written.places))
    if sum(len(ink) for _, ink in groups) != len(written.places):
        return None  # characters that share strokes, or reach beyond the word
    numbers = {place: number for number, place in enumerate(written.places)}
    lefts = {
        group: min(float(written.strokes[numbers[place]][:, 0].min()) for place in group[1])
        for group in groups
    }
    text = written.label.replace(" ", "")
    for order in (groups, sorted(groups, key=lefts.__getitem__)):  # as written; as it stands
        if "".join(label for label, _ in order) == text:
            return tuple(tuple(sorted(numbers[place] for place in ink)) for _, ink in order)
    return None


def _pieces(
    whole: Written,
    words: Sequence[str],
    characters: dict[Place, tuple[str, frozenset[Place]]],
    told: dict[frozenset[Place], str],
) -> list[Written] | None:
    """Return the words of a line and its beginning, up to LONGEST_LINE; None where doubtful."""
    if len(words) == 1:
        return [whole]
    groups = _by_words(whole, words, told)
    if groups is None and (apart := _told_apart(whole, characters)) is not None:
        rest = iter(apart)
        groups = [sorted(place for _ in word for place in next(rest)) for word in words]
    if groups is None:
        groups = cut_by_gaps(whole.strokes, words)
    if groups is None:
        return None
    pieces = [_part(whole, word, group) for word, group in zip(words, groups, strict=True)]
    count = len(words)
    while len(" ".join(words[:count])) > LONGEST_LINE:
        count -= 1
    if count > 1:
        beginning = sorted(place for group in groups[:count] for place in group)
        pieces.append(_part(whole, " ".join(words[:count]), beginning))
    return pieces


def _by_words(
    whole: Written, words: Sequence[str], told: dict[frozenset[Place], str]
) -> list[list[int]] | None:
    """Return the strokes of each word where they are segments of their own; else None."""
    within = [
        (sorted(whole.places.index(place) for place in ink), label)
        for ink, label in told.items()
        if ink <= set(whole.places) and " " not in label
    ]
    within.sort()
    places = sorted(place for group, _ in within for place in group)
    if [label for _, label in within] != list(words) or places != list(range(len(whole.places))):
        return None
    return [group for group, _ in within]


def _part(whole: Written, label: str, group: Sequence[int]) -> Written:
    return Written(
        label,
        tuple(whole.places[place] for place in group),
        [whole.strokes[place] for place in group],
        whole.writer,
    )
