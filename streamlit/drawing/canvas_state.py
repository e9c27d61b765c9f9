"""What the page knows of its canvas: the strokes on it, and the way back and forth among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drawing.current_drawing import Strokes

SIDE_PX = 280  # what the networks are evaluated on, and what fits a phone
LARGEST = 255  # of Quick, Draw! coordinates

Marks = list[dict[str, Any]]  # the canvas library's own objects, one for each stroke


@dataclass(frozen=True)
class Colours:
    """The canvas's own colours; the prediction does not depend on them."""

    ink: str
    paper: str


LIGHT = Colours(ink="#1f2340", paper="#ffffff")
DARK = Colours(ink="#f4f3ee", paper="#0c0e14")


@dataclass
class Paper:
    """What the canvas was last told to show, and everything drawn since it was last emptied."""

    given: dict[str, Any]
    trail: Marks  # the longest drawing so far: what redo goes back to
    marks: Marks  # what is on the canvas now
    colours: Colours
    # What `given` takes the place of, until the browser has followed: more than one drawing where
    # several were laid before it could.
    replaced: list[Marks] = field(default_factory=list)
    turn: int = 0
    key: str = "draw_canvas"  # of the widget
    problem: str | None = None  # of what was sent last, in words for a person


def blank_paper(colours: Colours) -> Paper:
    """Return an empty canvas's paper."""
    return Paper(given={"objects": []}, trail=[], marks=[], colours=colours)


def lay(paper: Paper, marks: Sequence[Mapping[str, Any]]) -> None:
    """Have the canvas show these strokes, in its own ink, from the next run on."""
    paper.turn += 1  # the library looks at `given` again only when it differs from the last
    inked = [{**mark, "stroke": paper.colours.ink} for mark in marks]
    paper.given = {"objects": inked, "turn": paper.turn}
    paper.replaced = [old for old in (*paper.replaced, paper.marks) if not are_same(old, inked)]
    paper.marks = inked


def put_back(paper: Paper) -> None:
    """Show the drawing on a canvas of its own, as after a visit to another page."""
    lay(paper, paper.marks)
    paper.key = f"draw_canvas_{paper.turn}"


def can_undo(paper: Paper) -> bool:
    """Tell whether there is a stroke to take back."""
    return bool(paper.marks)


def can_redo(paper: Paper) -> bool:
    """Tell whether a stroke was taken back and none drawn since."""
    return len(paper.trail) > len(paper.marks)


def undo(paper: Paper) -> None:
    """Take the last stroke back."""
    lay(paper, paper.marks[:-1])


def redo(paper: Paper) -> None:
    """Put back the stroke that was taken back last."""
    lay(paper, paper.trail[: len(paper.marks) + 1])


def wipe(paper: Paper) -> None:
    """Empty the canvas for a new drawing; there is no way back."""
    paper.trail = []
    lay(paper, [])


def to_strokes(marks: Sequence[Mapping[str, Any]]) -> Strokes:
    """Return strokes in Quick, Draw! simplified form, scaled from the canvas to 0..255.

    Of the library's smoothed curves these are the points where the pen was.
    """
    return [_to_stroke(mark["path"]) for mark in marks if mark.get("path")]


def _to_stroke(path: Sequence[Sequence[Any]]) -> list[list[int]]:
    points: list[tuple[int, int]] = []
    for command, *numbers in path:
        # A quadratic curve's control point is where the pen was; its end is between two such.
        x, y = numbers[:2] if command == "Q" else numbers[-2:]
        point = (_scale(x), _scale(y))
        if not points or points[-1] != point:
            points.append(point)
    return [[x for x, _ in points], [y for _, y in points]]


def _scale(coordinate: float) -> int:
    return min(max(round(coordinate * LARGEST / SIDE_PX), 0), LARGEST)


def begins_with(trail: Marks, marks: Marks) -> bool:
    """Tell whether a drawing is the beginning of another, or all of it."""
    return are_same(trail[: len(marks)], marks)


def are_same(some: Marks, others: Marks) -> bool:
    """Compare strokes by where the pen went, whatever their colour."""
    return [mark.get("path") for mark in some] == [mark.get("path") for mark in others]
