"""Pen recordings in the UNIPEN 1.0 format: which ink stands for which label.

The format: I. Guyon, "UNIPEN 1.0 Format Definition", 1994 (unipen.nici.ru.nl/unipen.def). A
statement is a keyword at the start of a line, `.PEN_DOWN` for one, and whatever follows up to the
next. Where the definition leaves room, this follows its reference implementation, uplib 3.03 of
Abbink, Schomaker and Vuurpijl (`upReadNextFile` and `sigParseDelineation`): components are counted
from 0, through all included files, over those stretches with the pen down or up that hold points;
the points of a component are counted from 0, and the last one of a range belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (N, 2): x to the right and y upwards, in units of the tablet

FARTHEST = 1e9  # no tablet counts so far; keeps arithmetic on damaged numbers finite
STATEMENT = re.compile(r"^(?=\.[A-Z])", flags=re.MULTILINE)
LABEL = re.compile(r'"((?:[^"\\]|\\.)*)"', flags=re.DOTALL)
NUMBER = r"(\d{1,9})"
RANGE = re.compile(f"{NUMBER}(?::{NUMBER})?(?:-{NUMBER}(?::{NUMBER})?)?")  # N, N-M, N:i-M:j, ...
FIRST_OF_A_NUMBER = frozenset("+-.0123456789")
ESCAPES = {"n": " ", "t": " "}  # in labels; whatever else follows a backslash stands for itself


class DamagedInk(Exception):
    """A segment's ink cannot be told; the message says why, alike for all of one kind."""


@dataclass(frozen=True)
class Component:
    """One stretch of the pen's way, down or up."""

    file: str
    pen_down: bool
    numbers: str  # as they stand in the file: most recordings hold far more than is asked for
    columns: tuple[str, ...]  # what the numbers of a point are: X, Y, T, P, ...
    writer: str = ""  # the `.WRITER_ID` before it

    def points(self) -> Points:
        """Return where the pen was; raises DamagedInk for what are no points."""
        if not {"X", "Y"} <= set(self.columns):
            raise DamagedInk("points without a .COORD that says which numbers are x and y")
        try:
            values = np.array(self.numbers.split(), np.float64).reshape(-1, len(self.columns))
            points = values[:, [self.columns.index("X"), self.columns.index("Y")]]
        except (ValueError, IndexError) as error:
            raise DamagedInk("points that are no numbers, or not whole") from error
        if not (np.abs(points) <= FARTHEST).all():  # nor for NaN
            raise DamagedInk("points that no tablet can record")
        return points


@dataclass(frozen=True)
class Segment:
    """A label and the ink that it stands for."""

    level: str
    delineation: str  # "" for "?": whatever ink follows
    label: str
    components_before: int
    comment: str = ""  # the `.COMMENT` next to it


@dataclass
class Recording:
    """A file with all that it includes."""

    components: list[Component] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    levels: tuple[str, ...] = ()  # of the hierarchy, the widest first
    columns: tuple[str, ...] = ()  # of the components that follow
    writer: str = ""  # likewise

    def ink(self, number: int) -> tuple[list[Points], str]:
        """Return the pen-down strokes of segment `number`, and the file that holds them.

        Raises DamagedInk.
        """
        strokes, file = [], ""
        for index, start, stop in self.pieces(number):
            component = self.components[index]
            if not component.pen_down:
                continue
            points = component.points()[start:stop]
            if not len(points):
                raise DamagedInk("points that are not there")
            strokes.append(points)
            file = file or component.file
        if not strokes:
            raise DamagedInk("no ink")
        return strokes, file

    def pieces(self, number: int) -> Iterator[tuple[int, int | None, int | None]]:
        """Yield the components of segment `number`, down or up: which, and from where to where.

        The second and third count points, None for all of them. Raises DamagedInk.
        """
        segment = self.segments[number]
        if not segment.delineation:
            for index in range(segment.components_before, self._end_of(number)):
                yield index, None, None
        for part in filter(None, segment.delineation.split(",")):
            match = RANGE.fullmatch(part)
            if match is None:
                raise DamagedInk("a delineation that is none")
            first, start, last, stop = (int(text) if text else None for text in match.groups())
            assert first is not None
            if last is None:
                last, stop = first, start  # "N:i" is one point
            if not first <= last < len(self.components):
                raise DamagedInk("components that are not there")
            for index in range(first, last + 1):
                begins = start if index == first else None
                ends = stop + 1 if index == last and stop is not None else None
                yield index, begins, ends

    def _end_of(self, number: int) -> int:
        """Return where a segment without delineation ends: at the next one not within it."""
        ranks = {level: rank for rank, level in enumerate(self.levels)}
        own = ranks.get(self.segments[number].level, len(ranks))
        for later in self.segments[number + 1 :]:
            if ranks.get(later.level, len(ranks)) <= own:
                return later.components_before
        return len(self.components)


def read_recording(
    text: str, name: str, include: Path | None = None, columns: tuple[str, ...] = ()
) -> Recording:
    """Return what a file holds, with all that it includes from the folder `include`.

    text: of the file; name: what its own ink is said to come from, as included ink is said to come
    from the path in `.INCLUDE`; columns: what the numbers of a point are, up to the first `.COORD`.
    Included files that are not there or not in `include` are passed over: the segments that need
    them have damaged ink.
    """
    recording = Recording(columns=columns)
    _read(recording, text, name, include, ())
    return recording


def read_text(file: Path) -> str:
    """Return a file's text; the format is older than UTF-8."""
    return file.read_text(encoding="latin-1")


def _read(
    recording: Recording, text: str, name: str, include: Path | None, within: tuple[str, ...]
) -> None:
    is_segment = False  # was the statement before?
    for statement in STATEMENT.split(text):
        keyword, argument = (*statement.split(maxsplit=1), "", "")[:2]
        match keyword:
            case ".PEN_DOWN" | ".PEN_UP" if argument[:1] in FIRST_OF_A_NUMBER:
                pen_down = keyword == ".PEN_DOWN"
                recording.components.append(
                    Component(name, pen_down, argument, recording.columns, recording.writer)
                )
            case ".WRITER_ID":
                recording.writer = argument.partition("\n")[0].strip()
            case ".COORD":
                recording.columns = tuple(argument.split())
            case ".HIERARCHY":
                recording.levels = tuple(argument.split())
            case ".SEGMENT":
                recording.segments.append(_segment(argument, len(recording.components)))
            case ".COMMENT" if is_segment:
                last = recording.segments[-1]
                recording.segments[-1] = replace(last, comment=" ".join(argument.split()))
            case ".INCLUDE" if include is not None:
                _include(recording, argument, include, within)
        is_segment = keyword == ".SEGMENT"


def _segment(argument: str, components_before: int) -> Segment:
    """Return what `.SEGMENT LEVEL DELINEATION QUALITY "LABEL"` says, "" for what is not there."""
    label = LABEL.search(argument)
    words = (argument[: label.start()] if label else argument).split()
    text = label[1] if label else ""
    delineation = "".join(word for word in words[1:] if word[0].isdigit() or word[0] == ",")
    if not delineation and words[1:2] != ["?"]:
        delineation = "none"  # damaged, as will be found when its ink is asked for
    return Segment(
        level=words[0] if words else "",
        delineation=delineation,
        label=re.sub(r"\\(.)", lambda escaped: ESCAPES.get(escaped[1], escaped[1]), text),
        components_before=components_before,
    )


def _include(recording: Recording, argument: str, include: Path, within: tuple[str, ...]) -> None:
    name = (argument.split() or [".."])[0]
    if name in within:
        return  # a circle
    file = include / name
    try:
        if ".." in name or "\\" in name or not file.is_relative_to(include):
            raise FileNotFoundError
        text = read_text(file)
    except (OSError, ValueError):  # ValueError: a name with a zero byte
        return
    _read(recording, text, name, include, (*within, name))
