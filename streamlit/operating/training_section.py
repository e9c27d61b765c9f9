"""“Train a candidate”: asked for here, done by a process of its own, watched until it has ended."""

from __future__ import annotations

import streamlit as st

from feedback.candidates import StoreUnavailable
from process.training import AlreadyTraining, Trainer, Training, can_train
from words.sentences import as_sentence

EVERY_S = 1.5
PROBLEM = "learning_training_problem"
COMMAND = "python run_model.py --mode finetune --from-store --publish"
SAYS = {
    "done": "The training has ended: its candidate is below.",
    "cancelled": "The training was cancelled. What is live has not changed.",
    "failed": "The training has failed, and what is live has not changed.",
}


def training_section(trainer: Trainer, name: str) -> None:
    """Offer to train a candidate on the answers, or show the one that is being trained.

    name: of the operator, empty while none is typed. Raises StoreUnavailable.
    """
    st.header("Train a candidate", anchor=False)
    st.markdown(
        "Weights go on from those that are live, on all answers that are believed; the gate then "
        "compares both. It takes some minutes at low priority, and changes nothing that reads."
    )
    problem = st.session_state.pop(PROBLEM, None)
    if problem is not None:
        st.error(as_sentence(problem), icon=":material/error:")
    if _is_shown_running(trainer):
        return
    if not can_train():
        st.info(
            "PyTorch is not installed here, so candidates are trained elsewhere: by "
            f"`{COMMAND}` on a machine with `requirements.txt`, or by the same command in the "
            "`trainer` image (`docker build --target trainer .`), with this store's settings.",
            icon=":material/terminal:",
        )
        return
    other = trainer.elsewhere()
    if other is not None:
        st.info(
            f"A candidate is being trained already, by {other}. One at a time is enough.",
            icon=":material/hourglass_top:",
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Steps",
            min_value=1,
            max_value=10_000,
            value=None,
            step=1,
            key="learning_steps",
            placeholder="as the answers ask",
            help="How many batches of drawings it learns from; more take longer. Left empty, it "
            "takes more only where there are very many answers.",
            width=260,
        )
        st.button(
            "Train a candidate",
            key="learning_train",
            type="primary",
            icon=":material/model_training:",
            disabled=not name or other is not None,
            on_click=_start,
            args=(trainer, name),
        )
    if not name:
        st.caption(":material/edit: Type your name above first.")


def training_without_store(trainer: Trainer) -> None:
    """Show this instance's training while the store is away: how far it is, or how it ended."""
    if trainer.latest is not None:
        st.header("Train a candidate", anchor=False)
        _is_shown_running(trainer)


def _is_shown_running(trainer: Trainer) -> bool:
    """Show the latest training, if there was one, and return whether it still runs."""
    latest = trainer.latest
    if latest is None:
        return False
    if latest.is_over:
        _how_it_ended(latest)
        return False
    st.fragment(_progress, run_every=EVERY_S)(trainer, latest)
    return True


def _start(trainer: Trainer, name: str) -> None:
    steps: int | None = st.session_state.get("learning_steps")  # as it is at the click
    try:
        trainer.start(name, steps)
    except (AlreadyTraining, StoreUnavailable, OSError) as error:
        st.session_state[PROBLEM] = f"no training was begun: {error}"


def _progress(trainer: Trainer, training: Training) -> None:
    if training.is_over:
        st.rerun()  # the whole page: there is a new candidate
    st.progress(training.share, f"Asked for by {training.by}: {training.last_line}")
    st.button(
        "Cancel",
        key="learning_cancel",
        icon=":material/cancel:",
        on_click=trainer.cancel,
        disabled=training.state != "running",
    )
    _log(training)


def _how_it_ended(training: Training) -> None:
    words = SAYS[training.state]
    if training.state == "failed":
        st.error(words, icon=":material/error:")
        st.text(training.last_line)
    elif training.state == "cancelled":
        st.info(words, icon=":material/cancel:")
    else:
        st.success(words, icon=":material/check_circle:")
    _log(training)


def _log(training: Training) -> None:
    with st.expander("Its log"):
        st.code("\n".join(training.lines) or "nothing yet", language=None, height=260)
