from __future__ import annotations

import numpy as np

from model.line_ink.part_rows import MOST_ROWS, Boxes, part_rows


def boxes(*some: tuple[float, float, float, float]) -> Boxes:
    """Return boxes of left, top, right, bottom."""
    return np.array(some, float).reshape(-1, 4)


def letters(count: int, top: float, bottom: float) -> list[tuple[float, float, float, float]]:
    return [(40.0 * place, top, 40.0 * place + 30, bottom) for place in range(count)]


def test_letters_side_by_side_are_one_clear_row() -> None:
    assert part_rows(boxes(*letters(4, 0, 100))) == ([[0, 1, 2, 3]], True)


def test_dots_over_letters_are_no_row() -> None:
    dots = [(40.0 * place + 10, 0.0, 40.0 * place + 14, 5.0) for place in range(4)]

    rows, is_clear = part_rows(boxes(*letters(4, 30, 100), *dots))

    assert (len(rows), is_clear) == (1, True)


def test_two_rows_with_paper_between_are_clear_and_stand_from_top_to_bottom() -> None:
    rows, is_clear = part_rows(boxes(*letters(2, 150, 250), *letters(3, 0, 100)))

    assert rows == [[2, 3, 4], [0, 1]]
    assert is_clear


def test_a_dot_stays_with_its_own_row() -> None:
    dot = (10.0, 130.0, 14.0, 136.0)

    rows, _ = part_rows(boxes(*letters(2, 0, 100), *letters(2, 150, 250), dot))

    assert rows == [[0, 1], [2, 3, 4]]


def test_a_descender_that_reaches_into_the_next_row_leaves_it_in_doubt() -> None:
    descender = (80.0, 40.0, 110.0, 122.0)

    rows, is_clear = part_rows(boxes(*letters(2, 0, 100), descender, *letters(3, 110, 210)))

    assert rows == [[0, 1, 2], [3, 4, 5]]
    assert not is_clear


def test_rows_that_overlap_far_are_one() -> None:
    assert len(part_rows(boxes(*letters(3, 0, 100), *letters(3, 60, 160)))[0]) == 1


def test_three_rows_are_three() -> None:
    rows, is_clear = part_rows(
        boxes(*letters(2, 0, 100), *letters(2, 150, 250), *letters(2, 300, 400))
    )

    assert rows == [[0, 1], [2, 3], [4, 5]]
    assert is_clear


def test_there_are_no_more_rows_than_anybody_writes() -> None:
    many = [box for row in range(20) for box in letters(2, 150.0 * row, 150.0 * row + 100)]

    rows, _ = part_rows(boxes(*many))

    assert len(rows) <= MOST_ROWS
    assert sorted(piece for row in rows for piece in row) == list(range(40))


def test_one_piece_and_pieces_without_height_are_one_row() -> None:
    assert part_rows(boxes((0, 0, 5, 5))) == ([[0]], True)
    assert part_rows(boxes((0, 3, 5, 3), (9, 3, 12, 3))) == ([[0, 1]], True)
