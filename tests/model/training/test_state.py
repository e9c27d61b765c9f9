from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.datasets.mnist import split
from model.networks.registry import BASELINE, SIX_CONVOLUTIONS
from model.networks.six_convolutions import is_of_branch
from model.training.data import Scans
from model.training.loop import begin, fit
from model.training.options import BadOption, TrainingOptions
from model.training.state import TrainingState, copy_weights, load_state, save_state, state_path
from tests.model.datasets.scanned_digits import scanned_digits

TRAINING, KEPT_BACK = split(scanned_digits(), seed=0)
VALIDATION = {"scans": KEPT_BACK}
OPTIONS = TrainingOptions(network=BASELINE, epochs=3, batch_size=64)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state after a whole training."""
    path = tmp_path / "weights.training.safetensors"
    fit(Scans(TRAINING), VALIDATION, OPTIONS, keep_state_at=path)
    return path


def test_the_state_lies_beside_the_weights() -> None:
    assert state_path(Path("a/two-block.safetensors")) == Path("a/two-block.training.safetensors")


def test_a_resumed_training_ends_with_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state"
    whole = fit(Scans(TRAINING), VALIDATION, OPTIONS)

    def save_and_stop(place: Path, state: TrainingState, options: TrainingOptions) -> None:
        save_state(place, state, options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(
            "model.training.loop.save_state", save_and_stop
        )  # Ctrl-C after the first epoch
        broken_off = fit(Scans(TRAINING), VALIDATION, OPTIONS, keep_state_at=path)
    resumed = fit(Scans(TRAINING), VALIDATION, OPTIONS, keep_state_at=path, resume=True)

    assert (broken_off.ended, len(broken_off.records)) == ("interrupted", 1)
    assert (resumed.ended, resumed.best_epoch) == ("complete", whole.best_epoch)
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(resumed.network.state_dict()[name], tensor)
    assert [r.train_loss for r in resumed.records] == [r.train_loss for r in whole.records]


def test_the_mean_follows_what_learns_and_leaves_the_rest_as_it_was() -> None:
    state = begin(replace(OPTIONS, network=SIX_CONVOLUTIONS), torch.device("cpu"))
    assert state.average
    before = copy_weights(state.average)
    with torch.no_grad():
        for weight in state.network.parameters():
            weight.fill_(7)

    state.follow(is_of_branch)  # the first step, which the mean follows most of the way

    assert state.steps == 1
    for name, mean in state.average.named_parameters():
        if is_of_branch(name):
            assert bool(((mean - 7).abs() < 2).all()), name
        else:
            assert torch.equal(mean, before[name]), name


def test_a_finished_training_resumes_to_its_end_at_once(state: Path) -> None:
    result = fit(Scans(TRAINING), VALIDATION, OPTIONS, keep_state_at=state, resume=True)

    assert len(result.records) == OPTIONS.epochs


def test_other_options_are_refused_with_the_ones_to_give(state: Path) -> None:
    other = TrainingOptions(network=BASELINE, epochs=4, batch_size=64, seed=5)

    with pytest.raises(BadOption, match=r"begun with --epochs 3 --seed 0; give the same"):
        fit(Scans(TRAINING), VALIDATION, other, keep_state_at=state, resume=True)


def test_nothing_to_resume_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="there is no unfinished training"):
        fit(Scans(TRAINING), VALIDATION, OPTIONS, keep_state_at=tmp_path / "state", resume=True)


@pytest.mark.parametrize("keep", [0, 7, 5000])
def test_a_state_cut_off_is_refused(state: Path, keep: int) -> None:
    state.write_bytes(state.read_bytes()[:keep])

    with pytest.raises(BadOption, match="cannot be used"):
        fit(Scans(TRAINING), VALIDATION, OPTIONS, keep_state_at=state, resume=True)


def test_a_place_that_cannot_be_written_does_not_stop_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    result = fit(Scans(TRAINING), VALIDATION, OPTIONS, keep_state_at=tmp_path / "file" / "state")

    assert result.ended == "complete"
    assert "could not be resumed" in capsys.readouterr().err


def test_the_moments_lie_in_memory_as_the_weights_do(state: Path) -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(4, 4, 3)).to(
        memory_format=torch.channels_last  # type: ignore[call-overload]
    )
    optimizer = torch.optim.Adam(network.parameters(), fused=True)
    network(torch.randn(2, 4, 9, 9)).sum().backward()
    optimizer.step()
    begun = TrainingState(network, optimizer)
    save_state(state, begun, OPTIONS)

    load_state(state, begun, OPTIONS)

    moments: list[dict[str, Tensor]] = list(optimizer.state.values())
    strides = [(p.stride(), m["exp_avg"].stride()) for p, m in zip(
        network.parameters(), moments, strict=True
    )]  # fmt: skip
    assert all(weight == moment for weight, moment in strides)
