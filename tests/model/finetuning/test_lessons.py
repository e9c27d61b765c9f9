from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import torch

from model.finetuning.lessons import Lessons, dealt, teach
from model.finetuning.ways import FineTuningOptions, Way
from model.synthesis.augment import Variation
from model.training.data import deal
from model.training.options import BadOption
from tests.model.datasets.scanned_digits import scanned_digits
from tests.model.finetuning.kept_drawings import SEVEN, some_drawings


def test_every_drawing_comes_once_before_any_comes_again() -> None:
    drawings = some_drawings(1)

    taught = teach(drawings, 25, Way(), 0, 0.4)

    counts = Counter(taught.images.labels[taught.places].tolist())
    assert sum(counts.values()) == 25
    assert set(counts.values()) == {2, 3}


def test_drawings_of_a_lower_weight_come_less_often_and_come() -> None:
    drawings = [replace(d, weight=0.1) if d.label < 5 else d for d in some_drawings(1)]

    taught = teach(drawings, 1000, Way(), 0, 0.4)

    counts = Counter(taught.images.labels[taught.places].tolist())
    lighter = sum(counts[label] for label in range(5))
    assert sum(counts.values()) == 1000
    assert lighter / (1000 - lighter) == pytest.approx(0.1, abs=0.03)
    assert all(counts[label] for label in range(10))


def test_where_all_weigh_the_same_nothing_is_dealt_otherwise_than_without_weights() -> None:
    drawings = some_drawings(2)

    taught = teach(drawings, 50, Way(), 3, 0.4)

    assert torch.equal(taught.places, deal(20, 50, 1, 3 * 4))


def test_strokes_are_drawn_anew_for_a_share_and_pictures_stay_as_they_were() -> None:
    drawings = [replace(d, strokes=SEVEN) if d.label == 7 else d for d in some_drawings(1)]
    inks = {drawing.label: torch.from_numpy(drawing.ink) for drawing in drawings}

    taught = teach(drawings, 400, Way(), 0, 0.4)

    images = taught.images.take(taught.places)
    as_drawn = torch.tensor(
        [
            torch.equal(image, inks[label])
            for image, label in zip(images.images, images.labels.tolist(), strict=True)
        ]
    )
    sevens = images.labels == 7
    assert as_drawn[~sevens].all()
    assert 8 <= int(as_drawn[sevens].sum()) <= 32
    assert torch.equal(taught.strengths[taught.places] == 1, as_drawn)


def test_a_batch_is_a_third_answers_and_the_rest_replay() -> None:
    way = Way()
    steps = 3
    answers = teach(some_drawings(1), steps * way.answers_per_step, way, 0, 0.4)
    replayed = dealt(scanned_digits(), steps * way.replay_per_step, 0)

    batches = list(Lessons(answers, replayed, steps, Variation(), 0).batches())

    assert [(len(images), len(labels)) for images, labels in batches] == [(128, 43)] * 3
    labels = answers.images.labels[answers.places]
    assert torch.equal(torch.cat([own for _, own in batches]), labels)


@pytest.mark.parametrize(
    ("options", "answers", "steps"),
    [
        (FineTuningOptions(), 300, 60),
        (FineTuningOptions(), 12_900, 600),
        (FineTuningOptions(steps=7), 300, 7),
        (FineTuningOptions(passes=2), 430, 20),
    ],
)
def test_many_answers_take_more_steps_unless_the_command_line_says_how_many(
    options: FineTuningOptions, answers: int, steps: int
) -> None:
    assert options.steps_for(answers) == steps


def test_impossible_lengths_are_refused_by_name() -> None:
    with pytest.raises(BadOption, match="--steps must be 1 or more, not 0"):
        FineTuningOptions(steps=0)
    with pytest.raises(BadOption, match="--steps and --epochs both say"):
        FineTuningOptions(steps=5, passes=1)
