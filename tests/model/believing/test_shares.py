from __future__ import annotations

from collections import Counter
from dataclasses import replace

from model.believing.shares import (
    LEAST_MOST,
    MOST_OF_VISITOR,
    MOST_SHARE,
    live_test,
    most_of_one,
    over_share,
    sent_twice,
)
from model.believing.statements import Answered
from tests.model.believing.answers_of_visitors import an_answer, answers_by


def counting(answers: list[Answered]) -> Counter[str]:
    over = over_share(answers)
    return Counter(answered.visitor for answered in answers if answered.drawing not in over)


def test_of_one_visitor_fifty_drawings_count_at_most() -> None:
    counts = counting(answers_by([200, 30]))

    assert counts == {"visitor 0": MOST_OF_VISITOR, "visitor 1": 30}


def test_from_twenty_visitors_on_none_is_more_than_five_per_cent_of_what_counts() -> None:
    counts = counting(answers_by([200, *[25] * 30]))

    assert counts["visitor 0"] <= MOST_SHARE * counts.total()
    assert counts["visitor 0"] + 1 > MOST_SHARE * (counts.total() + 1)
    assert counts["visitor 1"] == 25


def test_however_few_there_are_everyone_may_bring_ten() -> None:
    counts = counting(answers_by([200, *[3] * 30]))

    assert counts["visitor 0"] == LEAST_MOST
    assert counts["visitor 1"] == 3


def test_below_twenty_visitors_there_is_no_share_of_all() -> None:
    assert most_of_one([f"v{n}" for n in range(19)]) == MOST_OF_VISITOR
    assert most_of_one([f"v{n}" for n in range(20)]) == LEAST_MOST


def test_which_drawings_of_a_visitor_count_does_not_depend_on_those_that_come_later() -> None:
    before = answers_by([80])
    after = before + [an_answer(n, visitor="visitor 0") for n in range(1000, 1005)]

    stayed = {a.drawing for a in before} - over_share(before)
    still = {a.drawing for a in after} - over_share(after)

    assert len(stayed - still) <= 5


def test_what_the_operator_has_looked_at_counts_first() -> None:
    answers = [
        replace(answered, review=3) if number < 40 else answered
        for number, answered in enumerate(answers_by([200]))
    ]

    assert not over_share(answers) & {answered.drawing for answered in answers[:40]}


def test_the_same_ink_counts_once_and_its_last_answer_stands() -> None:
    first = an_answer(1)
    again = replace(an_answer(2, label=9), ink=first.ink, visitor="somebody else")
    other = an_answer(3)

    assert sent_twice([first, again, other]) == {first.drawing}


def test_of_the_same_ink_the_one_that_was_reviewed_counts() -> None:
    first = an_answer(1, review=1)
    again = replace(an_answer(2), ink=first.ink)

    assert sent_twice([first, again]) == {again.drawing}


def test_one_visitor_in_five_is_the_live_test_with_all_their_drawings() -> None:
    answers = answers_by([2] * 1000)

    tested = Counter(a.visitor for a in answers if a.drawing in live_test(answers))

    assert 160 <= len(tested) <= 240
    assert set(tested.values()) == {2}


def test_who_is_in_the_live_test_stays_in_it_as_others_come() -> None:
    answers = answers_by([2] * 100)

    assert live_test(answers) == live_test(answers_by([2] * 200)) & {a.drawing for a in answers}


def test_where_chance_chooses_nobody_there_is_a_live_test_all_the_same() -> None:
    answers = [
        answered
        for answered in answers_by([2] * 40)
        if answered.drawing not in live_test(answers_by([2] * 40))
    ][:12]

    tested = [answered.visitor for answered in answers if answered.drawing in live_test(answers)]

    assert len({answered.visitor for answered in answers}) == 6
    assert len(tested) == 2
    assert len(set(tested)) == 1


def test_of_fewer_than_five_visitors_one_drawing_in_five_is_the_live_test() -> None:
    answers = answers_by([100] * 4)

    tested = Counter(a.visitor for a in answers if a.drawing in live_test(answers))

    assert 55 <= tested.total() <= 105
    assert len(tested) == 4
