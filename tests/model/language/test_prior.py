from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from model.datasets.alphabet import CHARACTERS
from model.language.prior import KINDS, Prior, State, load_prior

WORDS = {"a": 10, "an": 10, "and": 10, "ant": 50, "zebra": 70}


def only(kind: str) -> Prior:
    return Prior(WORDS, {name: float(name == kind) for name in KINDS})


@pytest.fixture(scope="module")
def english() -> Prior:
    return load_prior()


def after(prior: Prior, text: str) -> State:
    state = prior.start()
    for character in text:
        state = prior.extend(state, character)
    return state


def share(log: float) -> float:
    return math.exp(log)


def continued(prior: Prior, text: str) -> float:
    """Return the probability that one of the 62 characters follows a text, whichever."""
    state = after(prior, text)
    return sum(share(prior.beginning(prior.extend(state, one))) for one in CHARACTERS)


def ended(prior: Prior, text: str) -> float:
    """Return the probability that the text's last word ends there, and others follow or not."""
    with_space = prior.beginning(prior.extend(after(prior, text), " "))
    return share(prior.whole(after(prior, text))) + share(with_space)


@pytest.mark.parametrize("text", ["", "a", "an", "and", "zeb", "q", "antx"])
@pytest.mark.parametrize(
    ("kind", "spell"),
    [("small", str.lower), ("CAPITALS", str.upper), ("Capitalised", str.capitalize)],
)
def test_letters_that_go_on_and_those_that_end_add_up_to_those_so_far(
    kind: str, spell: Callable[[str], str], text: str
) -> None:
    prior, text = only(kind), spell(text)

    total = share(prior.beginning(after(prior, text)))

    assert continued(prior, text) + ended(prior, text) == pytest.approx(total, rel=1e-5)


@pytest.mark.parametrize("kind", ["number", "code"])
@pytest.mark.parametrize("text", ["", "4", "471"])
def test_numbers_and_codes_of_one_length_add_up_to_the_share_of_their_kind(
    kind: str, text: str
) -> None:
    prior = only(kind)

    assert continued(prior, text) == pytest.approx(share(prior.beginning(after(prior, text))))


def test_a_mixture_is_as_likely_as_its_kinds_make_it() -> None:
    shares = {"number": 0.1, "code": 0.2, "small": 0.3, "Capitalised": 0.25, "CAPITALS": 0.15}
    mixed = Prior(WORDS, shares)

    for text in ("and", "And", "AND", "12", "x9Q", "aNd"):
        alone = sum(part * share(only(kind).log_probability(text)) for kind, part in shares.items())
        assert share(mixed.log_probability(text)) == pytest.approx(alone, rel=1e-4)


def test_no_kind_forbids_a_code(english: Prior) -> None:
    chance = np.random.default_rng(4)
    for length in (1, 2, 5, 9, 20):
        code = "".join(chance.choice(list(CHARACTERS), length))

        costs = -english.log_probability(code)

        # The kind, the characters, and the end of the text: nothing else.
        assert costs <= -math.log(KINDS["code"] * 0.88) + length * math.log(62) + 1e-6


def test_words_are_likelier_than_letters_that_are_none(english: Prior) -> None:
    for word, other in (("house", "hxuse"), ("garden", "gardqn"), ("the", "tke")):
        assert english.log_probability(word) > english.log_probability(other) + 2


def test_common_words_are_likelier_than_rare_ones() -> None:
    prior = only("small")

    assert prior.log_probability("and") > prior.log_probability("ant") + 1


def test_letters_that_follow_each_other_in_words_are_likelier_than_others(english: Prior) -> None:
    assert english.log_probability("brinter") > english.log_probability("bxqntvr") + 4


def test_a_word_has_three_spellings_and_any_other_is_a_code(english: Prior) -> None:
    spelt = [english.log_probability(word) for word in ("house", "House", "HOUSE")]
    other = english.log_probability("hOuSe")

    assert min(spelt) > other + 5
    assert other == pytest.approx(english.log_probability("hQuXe"))


def test_one_letter_is_likelier_small_than_a_capital_that_is_no_word(english: Prior) -> None:
    assert english.log_probability("a") > english.log_probability("X")


def test_numbers_alone_where_nothing_else_is_met() -> None:
    prior = only("number")

    assert prior.log_probability("1984") == pytest.approx(4 * -math.log(10) + math.log(0.88))
    assert prior.log_probability("19B4") < -1e6
    assert prior.log_probability("and") < -1e6


def test_a_text_of_words_has_the_product_of_its_words() -> None:
    prior = only("small")
    first, second = prior.log_probability("an"), prior.log_probability("ant")

    both = prior.log_probability("an ant")

    assert both == pytest.approx(first + second + math.log(0.12 / 0.88))


def test_no_text_is_likelier_than_its_beginning(english: Prior) -> None:
    for text in ("house", "HOUSE", "4711", "Xq7", "an ant", "zzzz"):
        states = [after(english, text[:end]) for end in range(len(text) + 1)]
        logs = [english.beginning(state) for state in states]

        assert logs == sorted(logs, reverse=True)
        assert english.whole(states[-1]) <= logs[-1]


def test_extending_a_state_leaves_it_as_it_was() -> None:
    prior = only("small")
    state = after(prior, "an")
    before = prior.whole(state)

    prior.extend(state, "t")
    prior.extend(state, " ")

    assert prior.whole(state) == before


def test_the_prior_of_the_shipped_words_is_made_once() -> None:
    assert load_prior() is load_prior()
