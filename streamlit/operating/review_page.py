"""The Review page: answers that were set aside, one by one, with a key for each judgment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st
from sqlalchemy import Engine

from feedback.candidates import (
    LEAVE_OUT,
    NO_DIGIT_DECISION,
    Review,
    RowRefused,
    StoreUnavailable,
    list_reviews,
    record_review,
)
from feedback.records.rows import NOT_A_DIGIT
from model import Recogniser
from operating.beliefs import SetAside, beliefs, decision_words, label_words
from operating.operator_name import operator_name
from operating.pictures import STYLE, picture_of, thumbnails
from words.counted import counted
from words.percent import percent
from words.sentences import as_sentence

QUEUE, PROBLEM = "review_queue", "review_problem"
SHOWN = 24  # of those that wait, and of those that are decided
EXPLAINED = (
    "Both the weights that are live and a model of the other visitors' answers contradict these "
    "answers. Until somebody looks, they count a tenth when weights are trained, and not at all in "
    "the live test; those of a visitor who is mostly contradicted, a hundredth. What you decide "
    "counts in full; what its author said is kept beside it."
)


@dataclass
class _Queue:
    """What this session looks through: fixed when it was made, so that nothing moves."""

    waiting: tuple[SetAside, ...]
    counts: dict[str, int]
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    decided: list[UUID] = field(default_factory=list)  # in this session, the last one last
    skipped: set[UUID] = field(default_factory=set)


def review_page(engine: Engine | None, recogniser: Callable[[], Recogniser]) -> None:
    """Show the answer that is set aside next, and take the operator's decision on it.

    recogniser: returns what reads at that moment. Raises StoreUnavailable, WeightsError.
    """
    st.title("Review")
    if engine is None:
        st.info("Nothing is kept, so there is nothing to review.", icon=":material/database_off:")
        return
    queue = _queue(engine, recogniser)
    reviews = list_reviews(engine)
    open_ones = [one for one in queue.waiting if one.kept.id not in reviews]
    # What was passed over comes again after all others.
    open_ones.sort(key=lambda one: one.kept.id in queue.skipped)
    done = [one for one in queue.waiting if one.kept.id in reviews]
    _say_problem()
    if not queue.waiting:
        _nothing(queue)
    else:
        st.markdown(EXPLAINED)
        name = operator_name()
        st.progress(
            len(done) / len(queue.waiting),
            f"{len(done):,} of {len(queue.waiting):,} looked at",
        )
        if open_ones:
            _judge(engine, queue, open_ones[0], name)
        else:
            st.success("All of them have been looked at.", icon=":material/done_all:")
            _undo_button(engine, queue, name)
        _strip("Next", open_ones[1 : 1 + SHOWN])
        _decided(engine, done, reviews, name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Worked out at {queue.made_at:%H:%M} UTC, of "
            f"{counted(queue.counts.get('answers', 0), 'answer')}.",
            width="content",
        )
        st.button("Look again", icon=":material/refresh:", type="tertiary", on_click=_look_again)


def _queue(engine: Engine, recogniser: Callable[[], Recogniser]) -> _Queue:
    place = engine.url.render_as_string(hide_password=True)
    known = st.session_state.get(QUEUE)
    if known is None or known[0] != place:
        with st.spinner("Comparing the answers with what is read …", show_time=True):
            found = beliefs(engine, recogniser())
        known = st.session_state[QUEUE] = (place, _Queue(found.set_aside, found.counts))
    queue: _Queue = known[1]
    return queue


def _look_again() -> None:
    st.session_state.pop(QUEUE, None)


def _nothing(queue: _Queue) -> None:
    answers = queue.counts.get("answers", 0)
    if answers == 1:
        words = (
            "The only answer is not set aside: the live weights and the other visitors' answers do "
            "not both contradict it."
        )
    elif answers:
        words = (
            f"None of {answers:,} answers is set aside: no answer is contradicted by both the "
            "live weights and the other visitors' answers."
        )
    else:
        words = (
            "There are no answers yet. Those that look like slips appear here, to be judged before "
            "weights learn from them."
        )
    st.info(words, icon=":material/task_alt:")


def _judge(engine: Engine, queue: _Queue, one: SetAside, name: str) -> None:
    """Show one answer large, with a button and a key for each thing it may be."""
    kept = one.kept
    answered = NO_DIGIT_DECISION if kept.answer is NOT_A_DIGIT else int(str(kept.answer))
    st.html(STYLE)

    def button(label: str, key: str, shortcut: str, decision: int, **how: str) -> None:
        st.button(
            label,
            key=f"review_{key}",
            shortcut=shortcut,
            width="stretch",
            disabled=not name,
            on_click=_decide,
            args=(engine, queue, kept.id, decision, name),
            **how,  # type: ignore[arg-type]
        )

    with st.container(key="review_desk"):
        st.html(picture_of(kept, f"A drawing, answered as {label_words(answered)}", is_large=True))
        with st.container(key="review_tools", gap="small"):
            st.markdown(
                f"Answered: **{label_words(answered)}**. Read now as "
                f"**{label_words(one.read_as)}**, {percent(one.read_share)} sure."
            )
            st.caption(_about(one))
            with st.container(horizontal=True, gap="small"):
                button(f"As answered: {_short(answered)}", "answered", "A", answered)
                button(f"As read: {_short(one.read_as)}", "read", "S", one.read_as)
            with st.container(key="review_digits", gap="xsmall"):
                for row in (range(5), range(5, 10)):
                    with st.container(horizontal=True, gap="xsmall"):
                        for digit in row:
                            button(str(digit), f"digit_{digit}", str(digit), digit)
            with st.container(horizontal=True, gap="small"):
                button("Not a digit", "none", "X", NO_DIGIT_DECISION, icon=":material/gesture:")
                button("Leave out", "out", "L", LEAVE_OUT, icon=":material/block:")
            with st.container(horizontal=True, gap="small"):
                st.button(
                    "Later",
                    key="review_later",
                    shortcut="P",
                    icon=":material/schedule:",
                    width="stretch",
                    on_click=queue.skipped.add,
                    args=(kept.id,),
                    help="Decide on the others first.",
                )
                _undo_button(engine, queue, name)
            if not name:
                st.caption(":material/edit: Type your name above first: it is kept with each.")


def _about(one: SetAside) -> str:
    kept = one.kept
    when = kept.answered_at or kept.created_at
    then = (
        f"read as {kept.predicted} when it was drawn, {percent(kept.confidence)} sure"
        if kept.is_digit
        else "refused when it was drawn"
    )
    where = "of the live test" if one.in_live_test else "to learn from"
    return f"{as_sentence(one.words)} Answered on {when.day} {when:%b %Y}, {then}; {where}."


def _undo_button(engine: Engine, queue: _Queue, name: str) -> None:
    st.button(
        "Undo",
        key="review_undo",
        shortcut="U",
        icon=":material/undo:",
        width="stretch",
        disabled=not (queue.decided and name),
        on_click=_undo,
        args=(engine, queue, name),
        help="Take back your last decision.",
    )


def _strip(title: str, waiting: list[SetAside]) -> None:
    if not waiting:
        return
    st.header(title, anchor=False)
    st.html(
        thumbnails((one.kept, f"said {_of(one)}, read {_short(one.read_as)}") for one in waiting)
    )


def _decided(engine: Engine, done: list[SetAside], reviews: dict[UUID, Review], name: str) -> None:
    """Show what was decided, newest first, each with a way to decide anew."""
    if not done:
        return
    newest = sorted(done, key=lambda one: reviews[one.kept.id].at, reverse=True)
    st.header("Decided", anchor=False)
    told = []
    for one in newest[:SHOWN]:
        review = reviews[one.kept.id]
        assert review.decision is not None, "what is undone is not in the list"
        words = f"said {_of(one)}: {decision_words(review.decision)}, by {review.by_name}"
        told.append((one.kept, words))
    st.html(thumbnails(told))
    chosen = st.selectbox(
        "Decide anew on",
        newest[:SHOWN],
        index=None,
        format_func=lambda one: (
            f"said {_of(one)}: {decision_words(reviews[one.kept.id].decision or 0)} "
            f"({reviews[one.kept.id].at:%H:%M:%S} UTC)"
        ),
        key=f"review_again_{len(done)}",
        placeholder="one of these, the newest first",
    )
    if chosen is not None:
        st.button(
            "Put it back",
            key="review_back",
            icon=":material/undo:",
            disabled=not name,
            on_click=_put_back,
            args=(engine, chosen.kept.id, name),
        )


def _of(one: SetAside) -> str:
    return "no digit" if one.kept.answer is NOT_A_DIGIT else str(one.kept.answer)


def _short(label: int) -> str:
    return "no digit" if label == NO_DIGIT_DECISION else str(label)


def _decide(engine: Engine, queue: _Queue, drawing: UUID, decision: int, name: str) -> None:
    if _record(engine, drawing, decision, name):
        queue.decided.append(drawing)


def _undo(engine: Engine, queue: _Queue, name: str) -> None:
    if _record(engine, queue.decided[-1], None, name):
        queue.skipped.discard(queue.decided.pop())


def _put_back(engine: Engine, drawing: UUID, name: str) -> None:
    """Undo what was decided on a drawing, which waits again."""
    _record(engine, drawing, None, name)


def _record(engine: Engine, drawing: UUID, decision: int | None, name: str) -> bool:
    """Keep a decision; return whether it was kept. Why not is said at the next run of the page."""
    try:
        record_review(engine, drawing, decision, name)
    except (RowRefused, StoreUnavailable) as error:
        st.session_state[PROBLEM] = str(error)
        return False
    return True


def _say_problem() -> None:
    problem = st.session_state.pop(PROBLEM, None)
    if problem is not None:
        st.error(f"Nothing was decided. {as_sentence(problem)}", icon=":material/error:")
