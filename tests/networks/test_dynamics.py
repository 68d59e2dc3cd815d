"""Integration, gain control and feedback, and how they are fitted."""

from dataclasses import replace

import numpy as np
import pytest

from finefield.networks.dynamics.fitting import Seen, with_dynamics
from finefield.networks.dynamics.model import Dynamics
from finefield.networks.network import Network
from finefield.responses.samples import TrainingData
from finefield.stimuli import binary_noise

FRAME_RATE, STATIC = 30.0, Dynamics()
#: Strong enough to be told in 60,000 frames, and unlike the values that the fit starts from.
STRONG = Dynamics(
    integration=0.8, integration_frames=0.5, gain_control=0.6, gain_control_frames=12.0,
    feedback=4.0, feedback_frames=1.2, mean_output=np.array([0.4, 0.4]),
)  # fmt: skip


def network(dynamics=STATIC):
    """Two filters of one pixel each."""
    weight = np.zeros((2, 2, 1, 2), np.float32)
    weight[[0, 1], 0, 0, [0, 1]] = 1
    return Network(
        weight=weight, bias=np.zeros(2), readout=np.ones((2, 1, 1)), readout_offset=-1.0,
        rate_scale=20.0, stimulus_mean=0.0, stimulus_sd=1.0, stride=1, height=1, width=2,
        dynamics=dynamics,
    )  # fmt: skip


def cell(dynamics, n_frames=60_000, seed=0):
    """White noise, and samples of a cell that is a network."""
    rng = np.random.default_rng(seed)
    movie, newest = binary_noise(rng, n_frames, 1, 2, -1, 1), np.arange(1, n_frames)
    count = rng.poisson(network(dynamics).predict(movie, newest) / FRAME_RATE)
    held_out = newest % 10_000 > 8_000
    data = TrainingData(newest, count.astype(np.float32), np.zeros(len(newest), int), held_out)
    return movie, data


def fitted(start, movie, data):
    one = np.ones(len(data.count))
    return with_dynamics(start, movie, data, one, one, FRAME_RATE, 0.002)


def slow(dynamics, drives, newest, offset):
    """Spikes per frame over scale, frame by frame, as the class says in words."""
    mean, rates = dynamics.mean_output, []
    for sample, drive in enumerate(drives):
        if sample == 0 or newest[sample] != newest[sample - 1] + 1:
            before, level, rate = mean.copy(), mean.sum(), 0.0
        adapted = drive + dynamics.integration * before
        summed = adapted.sum() / (1 + dynamics.gain_control * level) + offset
        rates.append(np.logaddexp(0, summed - dynamics.feedback * rate))
        for name in ("integration", "gain_control", "feedback"):
            keep = np.exp(-1 / getattr(dynamics, f"{name}_frames"))
            if name == "integration":
                before = keep * before + (1 - keep) * drive
            elif name == "gain_control":
                level = keep * level + (1 - keep) * drive.sum()
            else:
                rate = keep * rate + (1 - keep) * rates[-1]
    return np.array(rates)


def test_a_network_does_what_its_dynamics_say():
    movie = binary_noise(np.random.default_rng(1), 300, 1, 2, -1, 1)
    newest = np.concatenate([np.arange(1, 100), np.arange(150, 300)])
    drives = network().drives(movie, newest)
    expected = 20 * slow(STRONG, drives, newest, -1.0)
    assert network(STRONG).predict(movie, newest) == pytest.approx(expected, rel=1e-9)


def test_the_fit_sees_the_rates_of_the_network_and_their_derivatives():
    movie, data = cell(STRONG, n_frames=400)
    data = data.keeping(np.arange(399) % 150 > 3)
    one = np.ones(len(data.count))
    drives = network().drives(movie, data.newest)
    seen = Seen.of(drives.sum(1), data, one, one)
    mean = drives.sum(1).mean()
    own = replace(STRONG, mean_output=drives.mean(0))
    names = "integration", "gain_control", "feedback"
    strengths = np.array([getattr(own, name) for name in names]) * [1, mean, 1]
    frames = np.log([getattr(own, f"{name}_frames") for name in names])
    at = np.append(np.column_stack([strengths, frames]).ravel(), [1.0, -1.0, np.log(20 / 30)])
    log_rate, by_all = seen.log_rates(at)
    expected = network(own).predict(movie, data.newest) / FRAME_RATE
    assert np.exp(log_rate) == pytest.approx(expected, rel=1e-5)
    for number, step in enumerate(1e-5 * np.eye(len(at))):
        difference = (seen.log_rates(at + step)[0] - seen.log_rates(at - step)[0]) / 2e-5
        assert by_all[:, number] == pytest.approx(difference, abs=1e-6)


def test_what_comes_later_and_other_runs_change_nothing():
    movie, whole = binary_noise(np.random.default_rng(2), 200, 1, 2, -1, 1), np.arange(1, 200)
    net = network(STRONG)
    rate = net.predict(movie, whole)
    assert np.array_equal(net.predict(movie, whole[:90]), rate[:90])
    runs = np.concatenate([whole[100:], whole[:100]])
    assert np.array_equal(net.predict(movie, runs)[99:], rate[:100])


def test_known_dynamics_are_found_again():
    movie, data = cell(STRONG)
    found, _, scores = fitted(network(), movie, data)
    test = binary_noise(np.random.default_rng(3), 5_000, 1, 2, -1, 1)
    newest = np.arange(1, 5_000)
    true, static = (network(one).predict(test, newest) for one in (STRONG, STATIC))
    rate = found.predict(test, newest)
    assert np.corrcoef(rate, true)[0, 1] > 0.998 > np.corrcoef(static, true)[0, 1] + 0.03
    assert found.dynamics.gain_control_frames == pytest.approx(12, rel=0.3)
    assert found.dynamics.feedback == pytest.approx(4, rel=0.4)
    expected = found.predict(movie, data.newest) / FRAME_RATE
    part = data.held_out
    loss = (expected - data.count * np.log(expected))[part].sum() / data.count[part].sum()
    assert scores[1] == pytest.approx(loss, rel=1e-3)


def test_a_cell_without_dynamics_stays_without():
    movie, data = cell(STATIC, seed=4)
    found, *_ = fitted(network(), movie, data)
    assert not found.dynamics.active
    assert np.array_equal(found.readout, network().readout)


def test_filters_that_are_left_out_leave_gain_control_alone():
    movie, newest = binary_noise(np.random.default_rng(5), 100, 1, 2, -1, 1), np.arange(1, 100)
    left = network(STRONG).keeping(np.array([True, False]))
    one = replace(
        left, weight=left.weight[:1], bias=left.bias[:1], readout=left.readout[:1],
        dynamics=replace(STRONG, mean_output=STRONG.mean_output[:1]),
    )  # fmt: skip
    assert np.allclose(left.predict(movie, newest), one.predict(movie, newest))
