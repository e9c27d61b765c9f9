from __future__ import annotations

from collections import Counter

import numpy as np

from model.believing.doubts import FOLDS, contradicted, cross_validated, spread
from model.believing.opinion import Opinion
from tests.model.believing.answers_of_visitors import answers_by, weights_that_read


def test_an_answer_is_contradicted_where_it_is_all_but_impossible_and_another_certain() -> None:
    rows = [[0.01, 0.95, 0.04], [0.03, 0.95, 0.02], [0.01, 0.85, 0.14], [0.95, 0.01, 0.04]]

    doubtful = contradicted(np.array(rows), np.array([0, 0, 0, 0]))

    assert doubtful.tolist() == [True, False, False, False]


def test_the_drawings_of_a_visitor_are_in_one_fold_and_folds_are_of_like_size() -> None:
    visitors = [answered.visitor for answered in answers_by([3, 8, 5, 7, 2, 9, 4, 6, 1, 10])]

    folds = spread(visitors)

    assert len({*zip(visitors, folds.tolist(), strict=True)}) == 10
    assert sorted(Counter(folds.tolist())) == [*range(FOLDS)]
    assert max(Counter(folds.tolist()).values()) <= 12


def test_of_one_visitor_alone_the_weights_own_word_comes_back() -> None:
    people = answers_by([40])
    opinion = weights_that_read({})(people)

    shares = cross_validated(opinion, np.zeros(40, int), ["one"] * 40)

    assert shares is opinion.shares


def test_what_many_visitors_agree_on_is_learnt_and_shares_add_up_to_one() -> None:
    people = answers_by([30] * 10)
    labels = np.array([answered.label for answered in people])
    read = weights_that_read({a.drawing: 1 for a in people if a.label == 7})(people)
    features = np.eye(11)[labels]

    shares = cross_validated(
        Opinion(read.shares, features), labels, [answered.visitor for answered in people]
    )

    assert np.allclose(shares.sum(axis=1), 1)
    assert not contradicted(shares[labels == 7], labels[labels == 7]).any()
    assert contradicted(read.shares[labels == 7], labels[labels == 7]).all()
    assert (shares.argmax(axis=1)[labels != 7] == labels[labels != 7]).all()


def test_the_same_answers_give_the_same_shares() -> None:
    people = answers_by([20] * 6)
    labels = np.array([answered.label for answered in people])
    opinion = weights_that_read({})(people)
    visitors = [answered.visitor for answered in people]

    first, second = (cross_validated(opinion, labels, visitors) for _ in range(2))

    assert np.array_equal(first, second)
