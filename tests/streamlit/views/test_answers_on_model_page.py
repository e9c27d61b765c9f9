from __future__ import annotations

import json
from dataclasses import replace

from PIL import Image

from model.weight_files.card import FineTuning
from model.weight_files.places import DEFAULT_WEIGHTS
from tests.streamlit.views.test_model_page import CARD, a_report, opened, words


def test_what_answers_are_worth_is_shown_with_its_curve(tmp_path):
    of_others = {"others": {"remaining": {"mean": 0.6, "deviation": 0.1}}}
    learning = {
        "sites": ["syn", "pendigits"],
        "seeds": [0, 1, 2],
        "answers": [300],
        "before": {},
        "ways": {"all layers": {"300": of_others}},
    }
    (tmp_path / "classification_report.json").write_text(json.dumps(a_report()))
    (tmp_path / "learning.json").write_text(json.dumps(learning))
    shipped = replace(CARD, architecture=DEFAULT_WEIGHTS.stem)
    without_curve = opened(tmp_path, tmp_path, shipped)
    Image.new("L", (9, 9)).save(tmp_path / "learning.png")
    shown = opened(tmp_path, tmp_path, shipped)

    table = shown.table[-1].value
    assert table["Errors that are gone, per cent"].tolist() == ["All layers"]
    assert table["300 answers"].tolist() == ["40 ± 10"]
    assert "of 6 trainings" in words(shown)
    assert "300 answers" not in without_curve.table[-1].value


def test_the_card_says_what_weights_went_on_from(tmp_path):
    told = FineTuning(
        parent="two-block-89abcdef", digits=290, not_digits=10, visitors=17,
        until="2026-05-01T12:00:00+00:00", steps=60, seed=0,
    )  # fmt: skip

    card = opened(tmp_path, tmp_path, replace(CARD, fine_tuning=told)).table[0].value

    rows = {str(row[0]): str(row[1]) for row in card.reset_index().itertuples(index=False)}
    assert rows["Fine-tuned from"] == "two-block-89abcdef"
    assert rows["On answers"] == (
        "290 drawings of digits and 10 of none, by 17 visitors, answered until 2026-05-01; "
        "60 steps, seed 0"
    )
