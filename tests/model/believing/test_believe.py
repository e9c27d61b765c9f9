from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest

from environment import ROOT
from model.believing.believe import (
    MISTRUSTED_WEIGHT,
    SET_ASIDE_WEIGHT,
    Belief,
    Believed,
    Reason,
    believe,
    describe,
)
from model.believing.opinion import Opinion
from model.believing.statements import LEAVE_OUT, NO_DIGIT, Answered
from tests.model.believing.answers_of_visitors import (
    AGREEING,
    an_answer,
    answers_by,
    weights_that_read,
)

PEOPLE = answers_by([20] * 10)
WRONG = PEOPLE[25]  # of a visitor who is in no live test
READ_AS = (WRONG.label + 1) % 10


def reasons(believed: Believed) -> dict[str, Reason | None]:
    return {belief.answered.drawing: belief.reason for belief in believed.beliefs}


def with_one(changed: Answered) -> list[Answered]:
    return [changed if answered.drawing == changed.drawing else answered for answered in PEOPLE]


CONTRADICTING = weights_that_read({WRONG.drawing: READ_AS})


def test_what_weights_and_other_visitors_both_contradict_is_set_aside_at_a_lower_weight() -> None:
    believed = believe(PEOPLE, CONTRADICTING, has_live_test=False)

    (belief,) = believed.set_aside
    assert belief.answered is WRONG
    assert (belief.weight, belief.label) == (SET_ASIDE_WEIGHT, WRONG.label)
    assert belief in believed.training
    assert f"answered {WRONG.label}, read as {READ_AS} (99.9 % sure" in belief.words


def test_what_weights_are_not_sure_of_is_not_set_aside() -> None:
    unsure = weights_that_read({WRONG.drawing: READ_AS}, share=0.85)

    assert believe(PEOPLE, unsure, has_live_test=False).set_aside == []


def test_corrections_that_other_visitors_make_too_are_not_set_aside() -> None:
    def ask(answers: Sequence[Answered]) -> Opinion:
        # Everybody's sevens are read as ones, and they look like no other digit.
        opinion = weights_that_read({a.drawing: 1 for a in answers if a.label == 7})(answers)
        for row, answered in enumerate(answers):
            if answered.label == 7:
                opinion.features[row] = 0
                opinion.features[row, 10] = 1
        return opinion

    people = answers_by([50] * 12)

    assert believe(people, ask, has_live_test=False).set_aside == []


def test_one_visitors_corrections_are_not_confirmed_by_that_visitor() -> None:
    liar = [an_answer(5000 + n, visitor="liar", label=(n + 1) % 10) for n in range(50)]
    truth = {answered.drawing: n % 10 for n, answered in enumerate(liar)}

    believed = believe(PEOPLE + liar, weights_that_read(truth), has_live_test=False)

    assert {b.answered.drawing for b in believed.set_aside} == truth.keys()


def by_somebody(right: int, wrong: int, review: int | None = None) -> dict[str, Belief]:
    """Return beliefs in so many right and surely wrong answers of one visitor, and in a doubtful.

    The doubtful one, "d", is read otherwise, by weights that are not sure; review: of that one.
    """
    rights = [an_answer(5000 + n, visitor="somebody") for n in range(right)]
    wrongs = [an_answer(6000 + n, visitor="somebody") for n in range(wrong)]
    doubtful = an_answer(7000, visitor="somebody", drawing="d", review=review)
    sure = weights_that_read({a.drawing: (a.label + 1) % 10 for a in wrongs})
    unsure = weights_that_read({"d": (doubtful.label + 1) % 10}, share=0.6)

    def ask(answers: Sequence[Answered]) -> Opinion:
        opinion, other = sure(answers), unsure(answers)
        row = [answered.drawing for answered in answers].index("d")
        opinion.shares[row], opinion.features[row] = other.shares[row], other.features[row]
        return opinion

    believed = believe([*PEOPLE, *rights, *wrongs, doubtful], ask, has_live_test=False)
    return {b.answered.drawing: b for b in believed.beliefs if b.answered.visitor == "somebody"}


def test_of_a_visitor_mostly_contradicted_nothing_is_believed_that_the_weights_read_otherwise() -> (
    None
):
    beliefs = by_somebody(right=5, wrong=6)

    aside = [belief for belief in beliefs.values() if belief.reason is Reason.SET_ASIDE]
    assert len(aside) == 7
    assert beliefs["d"] in aside
    assert {belief.weight for belief in aside} == {MISTRUSTED_WEIGHT}
    assert aside[0].words.endswith("; most of this visitor's answers are contradicted")
    assert {b.weight for b in beliefs.values() if b not in aside} == {1}


@pytest.mark.parametrize(("right", "wrong"), [(0, 4), (6, 5)], ids=["too few", "under half"])
def test_a_visitor_of_some_contradicted_answers_is_believed_where_weights_are_not_sure(
    right: int, wrong: int
) -> None:
    beliefs = by_somebody(right, wrong)

    assert (beliefs["d"].weight, beliefs["d"].reason) == (1, None)
    aside = [belief for belief in beliefs.values() if belief.reason is Reason.SET_ASIDE]
    assert [belief.weight for belief in aside] == [SET_ASIDE_WEIGHT] * wrong


def test_what_the_operator_decided_of_a_mistrusted_visitor_counts_in_full() -> None:
    beliefs = by_somebody(right=0, wrong=6, review=0)

    assert (beliefs["d"].label, beliefs["d"].weight) == (0, 1)


@pytest.mark.parametrize("review", [WRONG.label, READ_AS, 5, NO_DIGIT])
def test_what_the_operator_decided_counts_in_full_whatever_the_weights_say(review: int) -> None:
    believed = believe(with_one(replace(WRONG, review=review)), CONTRADICTING, has_live_test=False)

    (belief,) = [b for b in believed.beliefs if b.answered.drawing == WRONG.drawing]
    assert (belief.label, belief.weight, belief.reason) == (review, 1, None)
    assert belief.answered.label == WRONG.label


def test_what_the_operator_leaves_out_is_neither_learnt_from_nor_tested_on() -> None:
    left_out = replace(WRONG, review=LEAVE_OUT)

    believed = believe(with_one(left_out), AGREEING)

    assert reasons(believed)[WRONG.drawing] is Reason.LEFT_OUT
    assert left_out not in [b.answered for b in believed.training + believed.live_test]


def test_what_is_set_aside_enters_the_live_test_only_once_it_is_reviewed() -> None:
    answers = list(PEOPLE)
    tested = believe(answers, AGREEING).live_test[0].answered
    ask = weights_that_read({tested.drawing: (tested.label + 1) % 10})

    waiting = believe(answers, ask)
    looked_at = believe([replace(a, review=a.label) if a is tested else a for a in answers], ask)

    assert [belief.answered for belief in waiting.set_aside] == [tested]
    assert tested.drawing not in {b.answered.drawing for b in waiting.live_test}
    assert tested.drawing not in {b.answered.drawing for b in waiting.training}
    assert tested.drawing in {b.answered.drawing for b in looked_at.live_test}


def test_shares_and_what_was_sent_twice_hold_in_the_live_test_too() -> None:
    tested = believe(PEOPLE, AGREEING).live_test[0].answered
    more = [an_answer(9000 + n, visitor=tested.visitor) for n in range(80)]
    again = replace(an_answer(9999, visitor=tested.visitor), ink=tested.ink)

    believed = believe([*PEOPLE, *more, again], AGREEING)

    theirs = [b for b in believed.live_test if b.answered.visitor == tested.visitor]
    assert len(theirs) == 50
    assert reasons(believed)[tested.drawing] is Reason.SENT_TWICE


def test_nothing_that_is_tested_on_is_learnt_from() -> None:
    believed = believe(PEOPLE, AGREEING)

    learnt = {belief.answered.visitor for belief in believed.training}
    tested = {belief.answered.visitor for belief in believed.live_test}
    assert learnt
    assert tested
    assert not learnt & tested


def test_weights_are_asked_about_what_counts_alone() -> None:
    asked: list[int] = []

    def ask(answers: Sequence[Answered]) -> Opinion:
        asked.append(len(answers))
        return AGREEING(answers)

    believe(answers_by([300, 20]), ask)

    assert len(asked) == 1
    assert asked[0] < 150


def test_every_answer_has_one_fate_and_they_add_up() -> None:
    believed = believe(answers_by([70, 20, 20, 20, 20, 20]), AGREEING)

    counts = believed.counts()

    assert (counts.pop("answers"), counts.pop("visitors")) == (170, 6)
    assert sum(counts.values()) == 170
    assert counts["over this visitor's share"] == 20
    assert "170 answers of 6 visitors" in describe(believed)


def test_no_answers_are_no_beliefs() -> None:
    assert believe([], AGREEING).beliefs == []


def test_believing_loads_no_torch() -> None:
    code = (
        "import sys, model.believing.believe, model.believing.opinion, model.promotion.gate_report;"
        "print(*{'torch', 'sqlalchemy', 'streamlit', 'sklearn'} & set(sys.modules))"
    )

    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert loaded.split() == []
