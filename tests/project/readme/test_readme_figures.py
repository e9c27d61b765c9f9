"""Every figure in the README is one that a command recorded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable

from environment import ROOT

README = (ROOT / "README.md").read_text()
WITHOUT_HABITS, WITH_HABITS = "one of each, without habits", "one rendering of each drawing"


def recorded(name: str) -> dict:
    return json.loads((ROOT / "results" / name).read_text())


def figures() -> dict[str, str]:
    """The README's words for each recorded figure."""
    report = recorded("classification_report.json")
    test, pen, complete = report["test"], report["pen"], report["complete"]
    baseline = report["baseline"]["pen"]
    statistics = recorded("statistics_benchmark.json")["reads"]
    prediction = recorded("prediction_benchmark.json")
    augmentation = recorded("augmentation_benchmark.json")
    training = recorded("training_benchmark.json")
    first, second = training["races"]
    browser = recorded("browser_benchmark.json")
    uploads = recorded("uploads_benchmark.json")
    rows = recorded("ablations.json")["rows"]

    def gain(before: str, name: str, digits: int, after: str = "the recipe") -> str:
        shares = (100 * rows[row][name]["mean"] for row in (before, after))
        return " to ".join(f"{share:.{digits}f}" for share in shares)

    seeds = recorded("seeds.json")["figures"]

    def over_seeds(name: str, digits: int) -> str:
        mean, deviation = seeds[name]["mean"], seeds[name]["deviation"]
        return f"{100 * mean:.{digits}f} ± {100 * deviation:.{digits}f} %"

    def row(name: str, read: Callable[[dict], str]) -> str:
        columns = (test, pen, complete, baseline)
        return f"| {name} | " + " | ".join(read(one) for one in columns) + " |"

    figures = (
        {
            "parameters": f"| {report['weights']['parameters']:,} |",
            "the baseline's": f"| {report['baseline']['weights']['parameters']:,} |",
            "images": row("images", lambda one: f"{one['images']:,}"),
            "accuracy": row("accuracy", lambda one: f"{one['accuracy']:.2%}"),
            "calibration": row(
                "expected calibration error", lambda one: f"{one['expected_calibration_error']:.4f}"
            ),
            "accepted": row("taken for a digit", lambda one: f"{one['accepted_share']:.1%}"),
            "sure": row("called sure, and a digit", lambda one: f"{one['sure']['share']:.1%}"),
            "right when sure": row("right when sure", lambda one: f"{one['sure']['accuracy']:.2%}"),
            "MNIST over seeds": f"{over_seeds('mnist', 2)} of MNIST's test set",
            "drawn over seeds": f"{over_seeds('drawn', 2)} of drawn digits",
            "scribbles over seeds": over_seeds("scribble_refused", 1),
            "blobs over seeds": over_seeds("blob_refused", 1),
            "letters over seeds": over_seeds("letter_refused", 1),
            "what strokes bring": f"from {gain('MNIST alone', 'pen', 1)}%",
            "what habits bring": f"{gain(WITHOUT_HABITS, 'pen', 1, WITH_HABITS)}% (one rendering",
            "what scans bring": f"MNIST from {gain('no MNIST', 'mnist', 1)}%",
            "what letters bring": f"from {gain('no letters', 'letters', 0)}%",
            "fragments": f"Of {pen['images'] - complete['images']} of these digits the recording",
            "pasted": f"are read right {report['pasted']['accuracy']:.2%} of the",
        }
        | {
            kind: f"| {row['images']:,} | {row['refused_share']:.1%} | "
            f"{row['auroc']['class of its own']:.3f} |"
            for kind, row in report["refusal"].items()
        }
        | {
            "statistics": f"{statistics['no filter']['statistics_median_s']:.1f} s",
            "prediction": f"{prediction['preparation_and_prediction_median_ms']:.1f} ms",
            "together": f"| {prediction['together_drawings_per_s']} a second |",
            "augmentation": f"| {augmentation['augmentation_gain']:.1f} × |",
            "epoch": f"| {augmentation['epoch_gain']:.2f} × |",
            "rendering": f"| {training['rendered_per_s']:,} a second |",
            "training": f"| {training['trained_per_s']:,} images a second |",
            "first race": f"{first['accuracy']:.1%} of its test set, {first['seeds']} seeds | "
            f"{first['median_s']:.0f} s |",
            "its worst": f"all ten seeds read {first['lowest_accuracy']:.2%} or more",
            "second race": f"to {second['accuracy']:.1%}, one seed | {second['median_s']:.0f} s |",
            "heavy visitors": f"sent {uploads['pictures_each']} pictures of 14 MB each, "
            f"{uploads['highest_mb']:.0f} MB at the highest | {uploads['left_mb']} MB |",
            "first page": f"beyond Streamlit's own | {browser['first_page']['beyond_mb']} MB |",
        }
        | while_drawing(browser, 1)
        | while_drawing(browser, 10)
    )
    for name, way in recorded("learning.json")["ways"].items():
        figures[f"learning, {name}"] = learning_row(name, way)
    figures |= wrong_rows((ROOT / "results" / "wrong_answers.txt").read_text())
    if "memory" in browser:  # `--reruns 0` leaves it out
        figures["memory"] = f"| {browser['memory']['growth_of_the_last_half_mb']} MB |"
    return figures


def learning_row(name: str, way: dict[str, dict]) -> str:
    """The README's row of one way of fine-tuning: errors that are gone, and points on MNIST."""

    def gone(answers: int, part: str) -> str:
        return f"{100 * (1 - way[str(answers)][part]['remaining']['mean']):.0f}"

    cells = [gone(answers, "others") for answers in (30, 100, 300, 1000)]
    cells += [gone(300, "own"), gone(300, "known")]
    return " | ".join([f"| {name}", *cells, f"{way['300']['MNIST']['points']['mean']:+.2f} |"])


def wrong_rows(table: str) -> dict[str, str]:
    """The README's rows of what wrong answers do, and of how many were set aside."""
    gone, lost = (
        dict(re.findall(r"^(\S.*, as \w+)  +(.*)$", part, flags=re.MULTILINE))
        for part in (
            table.split("errors that are gone, per cent")[1].split("\n\n")[0],
            table.split("validation sites: points of accuracy gained")[1].split("\n\n")[0],
        )
    )
    rows = {
        f"wrong answers, {name}": " | ".join(
            [f"| {name}", *re.findall(r"(\S+) ±", f"{gone[name]} {lost[name]}"), ""]
        ).rstrip()
        for name in gone
    }
    for what in ("one in ten wrong", "200 wrong of one visitor"):
        found = re.findall(rf"^{what}, \d+ +(\d+) of (\d+) planted", table, flags=re.MULTILINE)
        aside, planted = (sum(int(one[place]) for one in found) for place in (0, 1))
        rows[f"set aside, {what}"] = f"{aside} of {planted}"
    return rows


def while_drawing(browser: dict[str, dict], people: int) -> dict[str, str]:
    """The README's words for what so many people saw who drew at once."""
    at_once, ended = f"{people} at once", browser[f"sessions_{people}"]
    words = {
        f"label, {at_once}": f"the new label, {at_once} | {ended['median_ms']} ms |",
        f"slow, {at_once}": f"a tenth of them later than, {at_once} | {ended['p90_ms']} ms |",
        f"whole, {at_once}": f"question included, {at_once} | {ended['whole_median_ms']} ms |",
        f"task, {at_once}": f"in the browser after a stroke, {at_once} | "
        f"{ended['longest_task_ms']} ms |",
        f"messages, {at_once}": f"messages a stroke, at most, {at_once} | "
        f"{ended['messages_most']} |",
    }
    down = browser.get(f"pen_down_{people}")  # `--long-strokes 0` leaves it out
    if down is not None:
        words |= {
            f"pen down, {at_once}": f"while the pen is down, {at_once} | "
            f"{down['readings_a_second']} a second |",
            f"long stroke, {at_once}": f"of what it takes unfollowed, {at_once} | "
            f"{down['times_as_long']} × |",
        }
    return words


def test_the_figures_in_the_readme_are_the_recorded_ones() -> None:
    said = {name: re.sub(r" ?%", " %", words) for name, words in figures().items()}

    assert {name: words for name, words in said.items() if words not in README} == {}


def test_the_report_is_about_the_shipped_weights() -> None:
    code = (
        "from model import Recogniser; from model.weight_files.places import DEFAULT_WEIGHTS; "
        "print(Recogniser.load(DEFAULT_WEIGHTS).card.version)"
    )
    version = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip()
    history = json.loads((ROOT / "model" / "plots" / "history.json").read_text())

    assert recorded("classification_report.json")["weights"]["version"] == version
    assert history["weights_version"] == version
    assert version in recorded("seeds.json")["weights"]
