"""A cell that is lost in the middle of a recording, or found late, counts while it was there."""

import numpy as np
import pytest

from finefield.responses.presence import while_present
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData
from finefield.responses.settings import SampleSettings

TRIALS, FRAMES, RATE = 20, 500, 0.2


def cell(begin=0, end=TRIALS * FRAMES, rate=RATE, seed=0):
    """A cell that fires at a constant rate while it is there."""
    count = np.random.default_rng(seed).poisson(rate, TRIALS * FRAMES)
    count[:begin] = count[end:] = 0
    first = 1000 + FRAMES * np.arange(TRIALS)
    return Responses(count.reshape(TRIALS, FRAMES), first, 30.0), count


def frames(responses):
    """Stimulus frames of all responses, and their spikes, one trial after another."""
    shown = [
        first + np.arange(n)
        for first, n in zip(responses.first_frame, responses.lengths, strict=True)
    ]
    return np.concatenate(shown), responses.in_order()


@pytest.mark.parametrize(("begin", "end"), [(0, 1800), (8000, 10_000), (1234, 5678)])
def test_frames_from_the_first_spike_to_the_last_are_kept(begin, end, caplog):
    responses, count = cell(begin, end)
    first, last = np.flatnonzero(count)[[0, -1]]
    first, last = first if begin else 0, last if end < 10_000 else 9_999
    shown, kept = frames(while_present(responses, "running"))
    assert np.array_equal(shown, 1000 + np.arange(first, last + 1))
    assert np.array_equal(kept, count[first : last + 1])
    assert f"running sequence: the cell fires in frames {first} to {last} of 10000" in caplog.text


@pytest.mark.parametrize("seed", range(20))
def test_a_cell_that_stays_keeps_every_frame(seed, caplog):
    # Of 20 spikes in all, and of a silence that the rate makes no matter of.
    for responses in (cell(rate=0.002, seed=seed)[0], cell(end=9600, seed=seed)[0]):
        assert while_present(responses, "running") is responses
    assert not caplog.text


@pytest.mark.parametrize("n_spikes", [0, 1, 99])
def test_few_spikes_tell_no_rate(n_spikes):
    count = np.zeros((20, 500), int)
    count[3, 40] = n_spikes
    responses = Responses(count, np.zeros(20, int), 30.0)
    assert while_present(responses, "frozen") is responses


def test_padding_is_no_silence():
    count = np.zeros((3, 900), int)
    lengths = np.array([900, 50, 40])
    count[0], count[1, :50], count[2, :40] = 1, 1, 1
    responses = Responses(count, np.zeros(3, int), 30.0, n_frames=lengths)
    assert while_present(responses, "running") is responses


def test_repeats_of_a_frozen_sequence_before_the_loss_are_kept():
    count = np.zeros((10, 300), int)
    count[:4] = np.arange(300) % 2
    kept = while_present(Responses(count, np.zeros(10, int), 30.0), "frozen")
    newest, repeats = kept.frozen(lags=5)
    assert repeats.shape == (4, 296) and newest.tolist() == list(range(4, 300))


def test_validation_blocks_lie_where_the_cell_was():
    settings = SampleSettings(lags=10)
    responses, _ = cell(end=1800)
    parts = {
        name: TrainingData.of(one, settings)
        for name, one in {"as it is": responses, "cut": while_present(responses, "r")}.items()
    }
    silent = {name: np.mean(one.newest[one.held_out] >= 2800) for name, one in parts.items()}
    assert silent["as it is"] > 0.7 and silent["cut"] == 0
    rate = parts["cut"].count[parts["cut"].held_out].mean()
    assert rate == pytest.approx(RATE, rel=0.4)
