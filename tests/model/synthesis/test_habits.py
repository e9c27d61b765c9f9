from __future__ import annotations

import numpy as np
import pytest

from model.ink.pen_lines import Line
from model.synthesis import habits
from model.synthesis.habits import with_habit

ZERO = [np.stack([np.cos(np.linspace(0, 6.3, 40)), np.sin(np.linspace(0, 6.3, 40))], axis=1)]
ONE = [np.array([[0.0, 0.0], [0.0, 0.5], [0.0, 1.0]])]
UPWARDS = [ONE[0][::-1]]
# As densely as a pen records it: the bar of the seven, then 30 points down its stem.
SEVEN = [np.concatenate([[[0.0, 0.0]], np.linspace([1.0, 0.0], [0.4, 2.0], 30)])]
FOUR = [np.array([[0.4, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([[0.7, 0.4], [0.7, 2.0]])]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLASH", "FLAG", "FOOT", "BAR", "UNFINISHED"):
        monkeypatch.setattr(habits, name, 1.0)
    monkeypatch.setattr(habits, "EARLY", 0.0)
    monkeypatch.setattr(habits, "TAIL", 0.0)


def changed(label: str, lines: list[Line], seed: int = 0) -> list[Line]:
    return with_habit(label, lines, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(5))
def test_a_zero_gets_a_slash_through_its_middle(always: None, seed: int) -> None:
    circle, slash = changed("0", ZERO, seed)

    assert np.array_equal(circle, ZERO[0])
    assert np.abs(slash.mean(axis=0)).max() < 0.3
    assert np.ptp(slash, axis=0).min() > 0.5


@pytest.mark.parametrize("lines", [ONE, UPWARDS])
def test_a_bare_one_gets_a_flag_at_its_top_and_a_foot_at_its_end(
    always: None, lines: list[Line]
) -> None:
    stem, foot = changed("1", lines)

    tip = stem[0]
    assert tip[0] < 0 < tip[1]  # left of the top, and beneath it
    assert [0.0, 0.0] in stem.tolist()
    assert stem[-1].tolist() == [0, 1]
    assert foot[0, 0] < 0 < foot[1, 0]
    assert foot[:, 1] == pytest.approx([1, 1], abs=0.2)


@pytest.mark.parametrize("lean_deg", [-20, 0, 25, 40])
def test_a_flag_goes_up_and_leaves_room_to_a_stem_that_leans(always: None, lean_deg: float) -> None:
    down = np.array([-np.sin(np.deg2rad(lean_deg)), np.cos(np.deg2rad(lean_deg))])
    leaning = [np.array([[0.0], [0.5], [1.0]]) * down]
    narrowest, flattest = 180.0, 0.0

    for seed in range(100):
        flagged, _ = changed("1", leaning, seed)
        way, stem = flagged[0] - flagged[5], flagged[-1] - flagged[5]
        from_upright = np.rad2deg(np.arctan2(-way[0], way[1]))

        assert flagged[5].tolist() == [0, 0]
        assert 0.12 <= np.linalg.norm(way) <= 0.65
        assert from_upright <= 78
        narrowest = min(narrowest, from_upright - np.rad2deg(np.arctan2(-stem[0], stem[1])))
        flattest = max(flattest, from_upright)

    assert 14.9 < narrowest < 20
    assert flattest > 62


@pytest.mark.parametrize("wave", [0.1, 0.3])
def test_a_line_that_strays_is_no_bare_one(always: None, wave: float) -> None:
    down = np.linspace(0, 1, 20)
    bow = [np.stack([wave * np.sin(np.pi * down), down], axis=1)]

    assert (len(changed("1", bow)) == 2) == (wave == 0.1)
    assert len(changed("1", [bow[0][:1].repeat(3, axis=0)])) == 1


def test_a_one_that_is_dressed_already_stays_as_it_is(always: None) -> None:
    dressed = [np.array([[-0.6, 0.3], [0.0, 0.0], [0.0, 1.0]])]

    assert np.array_equal(changed("1", dressed)[0], dressed[0])
    assert len(changed("1", dressed)) == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_seven_gets_a_bar_across_its_stem(always: None, seed: int) -> None:
    bar = changed("7", SEVEN, seed)[1]

    height = bar[:, 1].mean()
    stem = 1 - 0.3 * height  # where the stem is at that height
    assert 0.7 < height < 1.3
    assert bar[0, 0] < stem < bar[1, 0]


def test_a_four_may_lack_its_last_stroke_but_never_its_only_one(always: None) -> None:
    assert [line.tolist() for line in changed("4", FOUR)] == [FOUR[0].tolist()]
    assert len(changed("4", FOUR[:1])) == 1


def test_strokes_that_end_early_lose_a_little_at_both_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(habits, "EARLY", 1.0)
    monkeypatch.setattr(habits, "SLASH", 0.0)
    monkeypatch.setattr(habits, "TAIL", 0.0)

    lengths = {len(changed("0", ZERO, seed)[0]) for seed in range(30)}

    assert min(lengths) >= 40 * (1 - 2 * habits.TRIM)
    assert max(lengths) <= 40
    assert len(lengths) > 3


@pytest.mark.parametrize("label", ["4", "w"])
def test_a_tail_goes_on_where_a_pen_goes_away_or_comes_from(
    monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    monkeypatch.setattr(habits, "UNFINISHED", 0.0)
    monkeypatch.setattr(habits, "EARLY", 0.0)
    monkeypatch.setattr(habits, "TAIL", 1.0)
    leading_in, towards_the_right = 0, 0

    for seed in range(200):
        first, last = changed(label, FOUR, seed)
        is_first = len(first) > len(FOUR[0])
        longer, recorded = (first, FOUR[0]) if is_first else (last, FOUR[1])
        kept = longer[-len(recorded) :] if is_first else longer[: len(recorded)]
        way = longer[0] - recorded[0] if is_first else longer[-1] - recorded[-1]
        leading_in += is_first
        towards_the_right += bool((way[0] > 0) != is_first)

        assert (len(first) > len(FOUR[0])) != (len(last) > len(FOUR[1]))
        assert kept.tolist() == recorded.tolist()
        assert 0.04 * 2 <= np.linalg.norm(way) <= 0.22 * 2  # the four is two high

    assert 30 < leading_in < 90
    assert towards_the_right > 140


def test_no_seven_leads_in_from_below_as_a_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(habits, "BAR", 0.0)
    monkeypatch.setattr(habits, "EARLY", 0.0)
    monkeypatch.setattr(habits, "TAIL", 1.0)

    for seed in range(50):
        (seven,) = changed("7", SEVEN, seed)

        assert seven[: len(SEVEN[0])].tolist() == SEVEN[0].tolist()
        assert len(seven) > len(SEVEN[0])


def test_many_drawings_stay_as_they_are() -> None:
    same = [
        [line.tolist() for line in changed("0", ZERO, seed)] == [ZERO[0].tolist()]
        for seed in range(200)
    ]

    assert 0.25 < np.mean(same) < 0.85
