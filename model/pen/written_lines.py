"""Written words, numbers and short lines: reading them, and the characters that are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.pen.drawings import PenDrawing, Strokes, checked_strokes, rows_of, stroke_files
from model.pen.sites import part_of

LINES_FOLDER = "lines"


@dataclass(frozen=True)
class WrittenLine:
    """One recorded word, number or line of them, the words parted by single spaces."""

    text: str  # as it was asked for: now and then somebody wrote something else
    writer: str  # `SITE/...`: the same in every file of a site, unlike `PenDrawing.writer`
    source: str  # the site that recorded it
    strokes: Strokes  # y down, 0..255 from top to bottom; as wide as it is
    characters: tuple[tuple[int, ...], ...] | None = None  # strokes of each, spaces left out

    @property
    def part(self) -> str:
        """Return what the line is for: `training`, `validation` or `test`."""
        return part_of(self.source)

    @property
    def is_printed(self) -> bool:
        """Tell whether it has at least as many strokes as characters: the others are joined."""
        return len(self.strokes) >= len(self.text.replace(" ", ""))

    def cut(self) -> list[PenDrawing]:
        """Return its characters, in the size that each has in the line; [] where nobody said.

        Of a line that has words of its own in the file the same ink comes twice: take those
        without a space.
        """
        if self.characters is None:
            return []
        return [
            PenDrawing(label, self.writer, self.source, [self.strokes[place] for place in places])
            for label, places in zip(self.text.replace(" ", ""), self.characters, strict=True)
        ]


def read_written_lines(path: Path) -> Iterator[WrittenLine]:
    """Yield the lines of a `lines/*.ndjson.gz` or `lines/*.ndjson` file, in its order.

    Raises DatasetError for a damaged file, and for characters that name no strokes of the line or
    are not as many as its text has.
    """
    with rows_of(path, "written lines") as rows:
        for row in rows:
            strokes = checked_strokes(row["drawing"])
            yield WrittenLine(
                text=_checked_text(row["word"]),
                writer=str(row["writer"]),
                source=str(row["source"]),
                strokes=strokes,
                characters=_checked_characters(row, strokes),
            )


def _checked_text(text: str) -> str:
    if text.split() != text.split(" ") or not text:
        raise ValueError(f"{text!r} is no text of words with single spaces between")
    return text


def _checked_characters(
    row: dict[str, list[list[int]] | None], strokes: Sequence[object]
) -> tuple[tuple[int, ...], ...] | None:
    """Return which strokes are which character; raise ValueError where that cannot be."""
    characters = row.get("characters")
    if characters is None:
        return None
    places = [place for character in characters for place in character]
    if sorted(places) != list(range(len(strokes))) or not all(characters):
        raise ValueError("its characters do not have each stroke once")
    if len(characters) != len(str(row["word"]).replace(" ", "")):
        raise ValueError("its characters are not as many as its text has")
    return tuple(map(tuple, characters))


def load_written_lines(data_dir: Path, part: str) -> list[WrittenLine]:
    """Return the lines of `DATA_DIR/lines/*.ndjson[.gz]` that are for a part, file by file.

    part: `training`, `validation` or `test`. Without such files the list is empty.
    Raises DatasetError for a damaged file.
    """
    return [
        line
        for path in stroke_files(data_dir / LINES_FOLDER)
        for line in read_written_lines(path)
        if line.part == part
    ]
