"""What the page knows of its canvas: the strokes on it, and the way back and forth among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.errors import BadDrawing
from model.ink.pen_strokes import FARTHEST_PX, PenStroke, check_strokes

Mark = dict[str, Any]  # one stroke as the canvas library has it: its path, and its pen's width
Marks = list[Mark]
# Of the library's objects these are all that a stroke needs; where it lies its path says.
PEN = {"type": "Path", "fill": None, "strokeLineCap": "round", "strokeLineJoin": "round"}
NUMBERS = {"M": 2, "L": 2, "Q": 4}  # of a path's commands


# Of the canvas in any theme: the browser turns them dark by itself, and nothing is laid anew.
INK, PAPER = "#1f2340", "#ffffff"


@dataclass
class Paper:
    """What the canvas was last told to show, and everything drawn since it was last emptied."""

    given: dict[str, Any]
    trail: Marks  # the longest drawing so far: what redo goes back to
    marks: Marks  # what is on the canvas now
    answered: Marks = field(default_factory=list)  # shown over the canvas, which is empty then
    # What `given` takes the place of, until the browser has followed: more than one drawing where
    # several were laid before it could.
    replaced: list[Marks] = field(default_factory=list)
    turn: int = 0
    key: str = "draw_canvas"  # of the widget


def blank_paper() -> Paper:
    """Return an empty canvas's paper."""
    return Paper(given={"objects": []}, trail=[], marks=[])


def lay(paper: Paper, marks: Sequence[Mapping[str, Any]]) -> None:
    """Have the canvas show these strokes, in its own ink, from the next run on."""
    paper.turn += 1  # the library looks at `given` again only when it differs from the last
    laid = [dict(mark) for mark in marks]
    inked = [{**PEN, **mark, "stroke": INK} for mark in laid]
    paper.given = {"objects": inked, "turn": paper.turn}
    paper.replaced = [old for old in (*paper.replaced, paper.marks) if not are_same(old, laid)]
    paper.marks = laid


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
    paper.trail, paper.answered = [], []
    lay(paper, [])


def close(paper: Paper) -> None:
    """Put the answered drawing aside: still seen, and the next stroke begins a clean sheet."""
    if paper.marks:
        marks = paper.marks
        lay(paper, [])
        paper.answered = marks


def reopen(paper: Paper) -> None:
    """Put the drawing on the canvas again whose answer was taken back."""
    if paper.answered:
        marks, paper.answered = paper.answered, []
        lay(paper, marks)


def to_marks(strokes: Sequence[PenStroke]) -> Marks:
    """Return strokes as the library has them; `check_marks` makes the same strokes of them."""
    return [
        {"path": _path(stroke.points.tolist()), "strokeWidth": stroke.pen_px} for stroke in strokes
    ]


def _path(points: list[list[float]]) -> list[list[Any]]:
    first, *between = points[:-1] or points
    curves = [
        ["Q", x, y, (x + after[0]) / 2, (y + after[1]) / 2]
        for (x, y), after in zip(between, points[2:], strict=True)
    ]
    return [["M", *first], *curves, ["L", *points[-1]]]


def check_marks(objects: object) -> tuple[Marks, list[PenStroke]]:
    """Return what a browser says is on its canvas: strokes alone, of each its path and its pen.

    objects: whatever came, as if from a stranger. The strokes' points are where the pen was; the
    library's smoothed curves go by them. Raises BadDrawing.
    """
    if not isinstance(objects, list):
        raise BadDrawing("expected a list of strokes")
    marks, strokes = [], []
    for mark in objects:
        path = mark.get("path") if isinstance(mark, dict) else None
        if not isinstance(path, list) or not all(map(_is_command, path)):
            raise BadDrawing("expected strokes of a pen on the canvas")
        # A quadratic curve's control point is where the pen was; its end is between two such.
        places = [step[1:3] for step in path]
        strokes.append(
            {
                "x": [place[0] for place in places],
                "y": [place[1] for place in places],
                "pen": mark.get("strokeWidth"),
            }
        )
        marks.append({"path": path, "strokeWidth": mark.get("strokeWidth")})
    return marks, check_strokes(strokes)


def _is_command(step: object) -> bool:
    if not isinstance(step, list) or not step or NUMBERS.get(str(step[0])) != len(step) - 1:
        return False
    return all(isinstance(n, int | float) and abs(n) <= FARTHEST_PX for n in step[1:])


def begins_with(trail: Marks, marks: Marks) -> bool:
    """Tell whether a drawing is the beginning of another, or all of it."""
    return are_same(trail[: len(marks)], marks)


def are_same(some: Marks, others: Marks) -> bool:
    """Compare strokes by where the pen went, whatever their colour."""
    return [mark.get("path") for mark in some] == [mark.get("path") for mark in others]
