"""What was read, in the words and shares in which the pad shows it: the browser adds none."""

from __future__ import annotations

from typing import Any

from model.writing.reader import Reading
from result.shown_reading import as_percentage
from words.percent import percent
from words.sentences import as_sentence
from writing.written_sheet import WrittenSheet

Shown = dict[str, Any]  # JSON; what `browser/written.js` draws
CLEAR, OPEN = 0.9, 0.6  # confidence of a character from which it is read clearly, or probably
HINTS = {
    "writing": "Write a word, a number or a code, also in several rows.\nI read it after each "
    "stroke.",
    "character": "Draw one letter or digit.\nI read it after each stroke.",
}
REFUSED = {
    "writing": "I am not sure that this is writing",
    "character": "I am not sure that this is a letter or a digit",
}
LEVELS = {"clear": "clearly", "open": "probably", "unsure": "unsure"}


def shown(sheet: WrittenSheet | None, kind: str, problem: str | None = None) -> Shown:
    """Return what the pad shows of a drawing.

    kind: "empty", "problem", "refused", "open" or "sure". rows: of each row its characters and
    spaces: text, place (of the character, null for a space), level ("clear", "open", "unsure"),
    words for those who listen, box. line: how sure the whole is. spoken: all of it, said once.
    """
    problem = problem or (None if sheet is None else sheet.problem)
    if problem:
        return {"kind": "problem", "rows": [], "line": as_sentence(problem), "spoken": problem}
    if sheet is None or sheet.prediction is None:
        return {"kind": "empty", "rows": [], "line": HINTS[kind], "spoken": ""}
    reading = sheet.prediction
    what = _verdict(reading, kind)
    text = " ".join(reading.text.split())
    spoken = f"I read {spelt(text) if len(text) == 1 else text}, {what[1]}."
    if what[0] == "refused":
        spoken = f"{what[1]}. The nearest is {text}."
    return {"kind": what[0], "rows": _rows(reading), "line": what[1], "spoken": spoken}


def level(confidence: float) -> str:
    """Return how certain a character is, in one of three words."""
    return "clear" if confidence >= CLEAR else "open" if confidence >= OPEN else "unsure"


def spelt(label: str) -> str:
    """Return a character's name to those who listen: its case is not heard."""
    if label.isdigit():
        return f"the digit {label}"
    return f"{'capital' if label.isupper() else 'small'} {label}"


def _verdict(reading: Reading, kind: str) -> tuple[str, str]:
    if not reading.is_writing:
        return "refused", REFUSED[kind]
    if reading.sure:
        return "sure", f"{as_percentage(reading.confidence)} sure"
    share = as_percentage(reading.confidence)
    return "open", f"Not sure: {share}" + (" that all of it is right" if kind == "writing" else "")


def _rows(reading: Reading) -> list[list[dict[str, Any]]]:
    rows, place = [], 0
    for row in reading.text.split("\n"):
        shown_row: list[dict[str, Any]] = []
        for text in row:
            if text == " ":
                shown_row.append({"text": " ", "place": None})
                continue
            character = reading.characters[place]
            found = level(character.confidence)
            shown_row.append(
                {
                    "text": text,
                    "place": place,
                    "level": found,
                    "words": f"{spelt(text)}, {LEVELS[found]}, {percent(character.confidence, 0)}",
                    "box": [round(side, 1) for side in character.box],
                }
            )
            place += 1
        rows.append(shown_row)
    return rows
