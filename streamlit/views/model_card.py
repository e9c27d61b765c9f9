"""The Model page: what the weights in use are, how they were made, and how well they read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image

from environment import ROOT
from members.members_section import members_section
from model.weight_files.card import Card, FineTuning
from model.weight_files.places import DEFAULT_WEIGHTS
from readers.other_readers import other_readers
from views.drawn_scores import ablation_table, drawn_scores, learning_table, seed_table
from views.evaluation_report import (
    NoReport,
    Report,
    read_ablations,
    read_learning,
    read_report,
    read_seeds,
    read_training_plot,
)
from views.headline import headline
from words.counted import counted
from words.percent import percent

FIGURES = {
    "reliability.png": "What confidence is worth: on the line, 90 % sure is right 9 times in 10.",
    "refusal.png": "How much of what is no digit is taken for one.",
    "misread_drawings.png": "Drawn digits of writers it had never seen: the mistakes it was surest "
    "of.",
    "misclassified.png": "The mistakes it was surest of in the test set.",
    "test_predictions.png": "Eight digits of the test set, taken at random, with what was read.",
    "confusion_matrix.png": "What was taken for what: rows are true digits, columns readings.",
    "class_distribution.png": "How many images of each digit there are to learn from.",
    "sample_images.png": "Images of the training set as they are.",
    "augmented_sample.png": "The same kind of images as augmentation changes them: what the "
    "network sees while it learns.",
}
WIDE = 1.45  # width by height from which a figure has a row to itself, as two plots abreast need
ATTRIBUTION = (
    "The digits in these figures are from [MNIST](https://yann.lecun.com/exdb/mnist/) by Yann "
    "LeCun, Corinna Cortes and Christopher J. C. Burges, licensed "
    "[CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/); augmented ones were "
    "changed as described, and are under the same licence. Drawn digits are from [UNIPEN "
    "train_r01_v07](https://zenodo.org/records/1195803) (Guyon et al., 1994) and [Pen-Based "
    "Recognition of Handwritten Digits](https://archive.ics.uci.edu/dataset/81) (Alpaydin and "
    "Alimoglu), both licensed [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)."
)


def model_page(
    card: Card, *, results: Path = ROOT / "results", plots: Path = ROOT / "model" / "plots"
) -> None:
    """Show the card of the weights in use and, where they are about these weights, the figures."""
    st.title("Model")
    st.markdown(f"The weights that read the drawings now: **{card.version}**.")
    try:
        report, reason = read_report(results, card.version), None
    except NoReport as error:
        report, reason = None, str(error)
    _headline(card, report)
    if reason:
        st.warning(
            f"{reason} `python run_model.py --mode test` evaluates the weights in use and draws "
            "their figures.",
            icon=":material/query_stats:",
        )
    _card_table(card)
    if report:
        _evaluation(report)
        drawn_scores(report.content)
        seed_table(read_seeds(results, card.version))
        ablation_table(
            read_ablations(results) if card.architecture == DEFAULT_WEIGHTS.stem else None
        )
        learning_table(
            read_learning(results) if card.architecture == DEFAULT_WEIGHTS.stem else None
        )
    _figures(report, read_training_plot(plots, card.version))
    members_section(results=results)
    other_readers(results)


def _headline(card: Card, report: Report | None) -> None:
    numbers = [
        ("Trained on", f"{sum(card.training_data.values()):,}", "images"),
        ("Parameters", f"{card.parameters:,}", "numbers learnt"),
        ("Called sure from", percent(card.sure_threshold), "confidence"),
    ]
    if report:
        test = report.content["test"]
        right = f"{test['correct']:,} of {test['images']:,} right"
        numbers.insert(0, ("MNIST test set", percent(test["accuracy"], 2), right))
        pen = report.content.get("pen")
        if pen:
            right = f"{pen['correct']:,} of {pen['images']:,} right"
            numbers.insert(0, ("Drawn digits", percent(pen["accuracy"], 2), right))
            # Four fit side by side, and the card below has the parameters too.
            numbers = [number for number in numbers if number[0] != "Parameters"]
    headline(numbers, columns=len(numbers))


def _card_table(card: Card) -> None:
    st.header("Card", anchor=False)
    rows = {
        "Version": card.version,
        "Architecture": card.architecture,
        "Parameters": f"{card.parameters:,}",
        "Reads": ", ".join(card.classes),
        "Training data": ", ".join(
            f"{name}: {images:,} images" for name, images in card.training_data.items()
        ),
        "Owed to": "; ".join(card.attribution) or "not recorded",
        **_fine_tuned(card.fine_tuning),
        "Epochs": str(card.epochs),
        "Seed": str(card.seed),
        "Temperature": f"{card.temperature:.4g} (the network's scores are divided by it, so that "
        "confidence means what it says)",
        "Sure from": f"{percent(card.sure_threshold, 2)} confidence; below it the page says "
        "“not sure”",
        "Refuses": "nothing that has ink"
        if card.digit_threshold is None
        else f"what scores below {card.digit_threshold:.3g} nats as a digit; of real digits set "
        f"aside, {percent(0.98, 0)} score higher",
        "Normalisation": f"mean {card.mean:.4g}, standard deviation {card.std:.4g}",
    }
    for name, value in card.metrics.items():
        words = name.removeprefix("validation_").replace("_", " ")
        rows[f"Validation: {words}"] = f"{value:.4g}"
    st.table(rows, border="horizontal", hide_header=True)


def _fine_tuned(told: FineTuning | None) -> dict[str, str]:
    """Return what weights went on from, and from whose answers, in rows of the card."""
    if told is None:
        return {}
    answers = f"{counted(told.digits, 'drawing')} of digits and {told.not_digits:,} of none"
    people = f", by {counted(told.visitors, 'visitor')}" if told.visitors else ""
    until = f", answered until {told.until[:10]}" if told.until else ""
    return {
        "Fine-tuned from": told.parent,
        "On answers": f"{answers}{people}{until}; {told.steps:,} steps, seed {told.seed}",
    }


def _evaluation(report: Report) -> None:
    test = report.content["test"]
    st.header("On digits it has never seen", anchor=False)
    st.markdown(
        f"Of the **{test['images']:,}** images of the MNIST test set, **{test['correct']:,}** were "
        f"read right: **{percent(test['accuracy'], 2)}**. {_sure_words(test['sure'])} Its "
        f"confidence is off by {percent(test['expected_calibration_error'], 2)} on average "
        f"(expected calibration error); the mean loss is {test['loss']:.4f} nats, the area under "
        f"the ROC curve {test['roc_auc']:.4f}."
    )
    pasted = report.content.get("pasted")
    if pasted:
        st.markdown(
            f"Pasted somewhere on a canvas, large or small, **{percent(pasted['accuracy'], 2)}** "
            "of the same images are read right."
        )
    with st.expander("Every digit of the test set in numbers"):
        st.table(_class_table(test["classes"]), hide_index=True)
        st.caption(
            "Precision: of the readings as this digit, the share that was one. Recall: of these "
            "digits, the share that was read as such. F1 is the harmonic mean of the two."
        )


def _sure_words(sure: Mapping[str, Any]) -> str:
    if not sure["images"]:
        return "It called itself sure of none of them."
    return (
        f"It called itself sure of {percent(sure['share'])} of them, and was right on "
        f"{percent(sure['accuracy'], 2)} of those."
    )


def _class_table(classes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            "Digit": digit,
            "Images": f"{row['images']:,}",
            "Precision": percent(row["precision"], 2),
            "Recall": percent(row["recall"], 2),
            "F1": f"{row['f1']:.4f}",
        }
        for digit, row in classes.items()
    ]


def _figures(report: Report | None, training: tuple[Mapping[str, Any], Path] | None) -> None:
    pictures = (
        [(report.figures[name], words) for name, words in FIGURES.items() if name in report.figures]
        if report
        else []
    )
    if training:
        history, plot = training
        pictures.append(
            (
                plot,
                "Loss and accuracy while it learnt; the weights of epoch "
                f"{history.get('best_epoch', '?')} were kept, the best on the validation split.",
            )
        )
    if not pictures:
        return
    st.header("Figures", anchor=False)
    grid = st.grid(2, min_column_width=300, border=True)  # one column on a phone
    for path, words in pictures:
        with Image.open(path) as picture:
            is_wide = picture.width > WIDE * picture.height
        with grid.cell(column_span="all" if is_wide else 1):
            st.image(str(path), caption=words, width="stretch", alt=words)
    st.caption(ATTRIBUTION)
