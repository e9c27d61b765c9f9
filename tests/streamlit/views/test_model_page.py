"""The Model page: the card always, figures only of these very weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from model.weight_files.card import Card
from model.weight_files.places import DEFAULT_WEIGHTS
from views.evaluation_report import NoReport, read_report, read_training_plot

VERSION = "two-block-0123abcd"
CARD = Card(
    architecture="two-block",
    classes=tuple("0123456789"),
    mean=0.1307,
    std=0.3081,
    temperature=0.83,
    sure_threshold=0.931,
    training_data={"MNIST train": 48000},
    attribution=("One collection, CC BY 4.0", "another one"),
    seed=3,
    epochs=18,
    metrics={"validation_accuracy": 0.9876},
    parameters=105_962,
    version=VERSION,
)


def a_report(**changes: Any) -> dict[str, Any]:
    one = {"precision": 0.98, "recall": 0.99, "f1": 0.985, "roc_auc": 0.9999, "images": 1000}
    test = {
        "images": 10_000,
        "correct": 9_851,
        "accuracy": 0.9851,
        "loss": 0.0512,
        "roc_auc": 0.9998,
        "expected_calibration_error": 0.0041,
        "sure": {"images": 9500, "share": 0.95, "correct": 9470, "accuracy": 0.9968},
        "classes": {str(digit): one for digit in range(10)},
    }
    usual = {
        "weights": {"version": VERSION},
        "test": test,
        "pen": None,
        "figures": ["confusion_matrix.png", "misclassified.png"],
    }
    return usual | changes


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder as `run_model.py --mode test` leaves it."""
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "classification_report.json").write_text(json.dumps(a_report()))
    for name in a_report()["figures"]:
        Image.new("L", (20, 10), 255).save(folder / name)
    return folder


@pytest.fixture
def plots(tmp_path: Path) -> Path:
    """A folder as `run_model.py --mode train` leaves it."""
    folder = tmp_path / "plots"
    folder.mkdir()
    history = {"weights_version": VERSION, "best_epoch": 17}
    (folder / "history.json").write_text(json.dumps(history))
    Image.new("L", (20, 10), 255).save(folder / "training_history.png")
    return folder


def opened(results: Path, plots: Path, card: Card = CARD) -> AppTest:
    def page(card, results, plots):
        from views.model_card import model_page

        model_page(card, results=results, plots=plots)

    values = {"card": card, "results": results, "plots": plots}
    return AppTest.from_function(page, kwargs=values, default_timeout=30).run()


def words(app: AppTest) -> str:
    parts = [element.value for kind in (app.markdown, app.caption, app.warning) for element in kind]
    return " ".join(map(str, parts))


def test_the_card_says_what_the_weights_are(results, plots):
    app = opened(results, plots)

    assert not app.exception
    shown = app.table[0].value.to_string()
    for fact in (VERSION, "105,962", "MNIST train: 48,000 images", "18", "0.83", "93.10"):
        assert fact in shown
    assert "0.9876" in shown
    assert "One collection, CC BY 4.0; another one" in shown


def test_the_evaluation_of_these_weights_is_shown_with_its_figures_and_their_licence(
    results, plots
):
    app = opened(results, plots)

    assert {metric.label: metric.value for metric in app.metric}["MNIST test set"] == "98.51\u00a0%"
    assert "**9,851**" in words(app)
    assert len(app.image) == 3  # two figures and the training plot
    assert "CC BY-SA 3.0" in words(app)
    assert "epoch 17" in app.image[2].captions[0]
    assert not app.warning


def test_figures_of_other_weights_are_named_and_not_shown(results, plots):
    report = a_report(weights={"version": "two-block-ffffffff"})
    (results / "classification_report.json").write_text(json.dumps(report))

    app = opened(results, plots)

    assert "two-block-ffffffff" in app.warning[0].value
    assert "--mode test" in app.warning[0].value
    assert "MNIST test set" not in {metric.label for metric in app.metric}
    assert len(app.image) == 1  # the training plot is of these weights


def test_without_an_evaluation_the_page_says_how_to_make_one(tmp_path):
    app = opened(tmp_path / "no results", tmp_path / "no plots")

    assert not app.exception
    assert "have not been evaluated" in app.warning[0].value
    assert not app.image


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "{}", '{"weights": 1, "test": 2}', '{"weights": {}, "test": {}}']
)
def test_a_damaged_report_shows_no_figures(results, plots, text):
    (results / "classification_report.json").write_text(text)

    app = opened(results, plots)

    assert not app.exception
    assert app.warning
    assert "MNIST test set" not in {metric.label for metric in app.metric}


def test_weights_that_were_never_sure_are_described_without_a_share(results, plots):
    test = a_report()["test"] | {"sure": {"images": 0, "share": 0, "correct": 0, "accuracy": None}}
    (results / "classification_report.json").write_text(json.dumps(a_report(test=test)))

    app = opened(results, plots)

    assert not app.exception
    assert "sure of none" in words(app)


def drawn(accuracy: float) -> dict[str, Any]:
    row = {"images": 1000, "correct": round(1000 * accuracy), "accuracy": accuracy}
    return {
        "images": 2000,
        "correct": round(2000 * accuracy),
        "accuracy": accuracy,
        "expected_calibration_error": 0.0123,
        "sure": {"images": 1900, "share": 0.95, "correct": 1890, "accuracy": 0.9947},
        "sites": {"ibm": row, "ced": row},
        "classes": {"7": row},
        "pen_widths": {"10 to 13.5 px": row},
        "writers": {"writers": 40, "worst": 0.5, "tenth_percentile": 0.9, "median": 0.99},
    }


def refused(share: float) -> dict[str, Any]:
    return {"scribble": {"images": 500, "refused_share": share, "auroc": {"energy": 0.9871}}}


def test_drawn_digits_and_refusals_stand_beside_the_baselines(results, plots):
    report = a_report(
        weights={"version": VERSION, "architecture": "six-conv"},
        pen=drawn(0.985),
        refusal=refused(0.961),
        baseline={
            "weights": {"version": "two-block-1", "architecture": "two-block"},
            "pen": drawn(0.755),
            "refusal": refused(0),
        },
    )
    (results / "classification_report.json").write_text(json.dumps(report))

    app = opened(results, plots)

    assert not app.exception
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Drawn digits"] == "98.50\u00a0%"
    assert "40 writers" in words(app)
    groups, kinds = (table.value for table in app.table[-2:])
    assert groups["six-conv"].tolist() == ["98.5\u00a0%"] * 4
    assert groups["two-block"].tolist() == ["75.5\u00a0%"] * 4
    assert kinds["six-conv refuses"].tolist() == ["96.1\u00a0%"]
    assert kinds["two-block refuses"].tolist() == ["0.0\u00a0%"]
    assert kinds["AUROC"].tolist() == ["0.9871"]


def test_recordings_that_nobody_could_read_are_counted_apart(results, plots):
    complete = drawn(0.992) | {"images": 1935}
    report = a_report(pen=drawn(0.965), complete=complete)
    (results / "classification_report.json").write_text(json.dumps(report))

    app = opened(results, plots)

    assert not app.exception
    assert "Of 65 the recording holds no more than a dot or a lone straight line" in words(app)
    assert "Of **1,935** digits drawn with a pen, **99.2\u00a0%** were read right." in words(app)


def test_drawn_digits_are_shown_without_a_baseline_too(results, plots):
    pen = {"images": 3, "correct": 0, "accuracy": 0.0, "not_read": 3, "sites": {}}
    (results / "classification_report.json").write_text(json.dumps(a_report(pen=pen)))

    app = opened(results, plots)

    assert not app.exception
    assert "**0.0\u00a0%**" in words(app)


def test_the_ablations_are_those_of_the_shipped_networks_recipe(results, plots):
    row = {key: {"mean": 0.98, "deviation": 0.002} for key in ("mnist", "pen")}
    ablations = {
        "figures": {"mnist": "MNIST", "pen": "drawn"},
        "rows": {"the recipe": row, "no scans": row},
        "seeds": [0, 1, 2],
        "epochs": 2,
        "images_per_epoch": 37_500,
    }
    (results / "ablations.json").write_text(json.dumps(ablations))

    shipped = opened(results, plots, replace(CARD, architecture=DEFAULT_WEIGHTS.stem))

    table = shipped.table[-1].value
    assert table["Change"].tolist() == ["The recipe", "No scans"]
    assert table["drawn"].tolist() == ["98.00 ± 0.20"] * 2
    assert "75,000" in words(shipped)
    assert "Change" not in opened(results, plots).table[-1].value


def test_several_seeds_are_shown_for_weights_that_are_one_of_them(results, plots):
    seeds = {
        "seeds": {"0": {"mnist": 0.995}, "1": {"mnist": 0.997}},
        "weights": [VERSION, "six-conv-0123abcd"],
        "names": {"mnist": "MNIST, accuracy"},
        "figures": {"mnist": {"mean": 0.996, "deviation": 0.001}},
    }
    (results / "seeds.json").write_text(json.dumps(seeds))
    shown = opened(results, plots)
    (results / "seeds.json").write_text(json.dumps(seeds | {"weights": ["six-conv-0123abcd"]}))
    other = opened(results, plots)

    table = shown.table[-1].value
    assert table["Figure"].tolist() == ["MNIST, accuracy"]
    assert table["Per cent"].tolist() == ["99.60 ± 0.10"]
    assert "of 2 trainings" in words(shown)
    assert "Figure" not in other.table[-1].value


def test_a_report_cannot_name_a_file_outside_its_folder(results, tmp_path):
    Image.new("L", (9, 9)).save(tmp_path / "secret.png")
    report = a_report(figures=["../secret.png", "missing.png", "misclassified.png", 7])
    (results / "classification_report.json").write_text(json.dumps(report))

    figures = read_report(results, VERSION).figures

    assert figures == {"misclassified.png": results / "misclassified.png"}


def test_a_training_plot_of_other_weights_is_not_theirs(plots):
    assert read_training_plot(plots, VERSION) is not None
    assert read_training_plot(plots, "two-block-ffffffff") is None


def test_an_unreadable_folder_is_no_report(tmp_path):
    (tmp_path / "classification_report.json").mkdir()

    with pytest.raises(NoReport, match="not been evaluated"):
        read_report(tmp_path, VERSION)
