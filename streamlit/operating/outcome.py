"""What became of something that the operator asked for, told at the next run of the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from feedback.candidates import RowRefused, StoreUnavailable, WeightsDamaged
from store.cached_counts import count_again
from words.sentences import as_sentence

OUTCOME = "operating_outcome"


def attempt(work: Callable[[], str]) -> bool:
    """Do what a callback is for, and remember what to say of it: `work`'s words, or why not.

    Returns whether it was done.
    """
    try:
        words = work()
    except (RowRefused, WeightsDamaged) as error:
        st.session_state[OUTCOME] = False, as_sentence(str(error))
        return False
    except StoreUnavailable as error:
        st.session_state[OUTCOME] = (
            False,
            f"{as_sentence(str(error))} What was live is live still, unless the history below "
            "says otherwise.",
        )
        return False
    count_again()
    st.session_state[OUTCOME] = True, words
    return True


def say_outcome() -> None:
    """Say once what became of it."""
    outcome = st.session_state.pop(OUTCOME, None)
    if outcome is None:
        return
    is_done, words = outcome
    if is_done:
        st.success(words, icon=":material/check_circle:")
    else:
        st.error(words, icon=":material/error:")
