"""Training on small data: it learns, it is reproducible, and it says what it cannot do."""

from dataclasses import replace

import numpy as np
import pytest
from test_simulation import YAN2020, noise

from finefield.config import complete
from finefield.errors import UserError
from finefield.filters import describe_filters, distinct_filters, placements
from finefield.matching import match
from finefield.responses import Responses, validation_mask
from finefield.scores import correlation
from finefield.simulation import build_cell, simulate_responses
from finefield.training import train

CONFIG = {"datasets": {"d": {"kind": "recorded", "recording": "none.mat"}}}


def settings(**changes):
    return complete(CONFIG | {"models": {"m": changes}})["models"]["m"]


def busy_cell(n_frames, n_trials=1):
    """A cell that fires in a fifth of the frames, a movie, and its responses in trials."""
    cell = build_cell(
        YAN2020 | {"output": {"threshold": 1.0, "gain": 4}, "spikes": "poisson"}, 30.0
    )
    movie = noise(n_frames)
    _, spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0))
    first_frame = n_frames // n_trials * np.arange(n_trials)
    return cell, movie, Responses(spikes.reshape(n_trials, -1), first_frame, 30.0)


@pytest.fixture(scope="module")
def toy():
    return busy_cell(40_000)


def test_training_finds_the_subunits_of_a_busy_cell(toy):
    cell, movie, responses = toy
    training = train(movie, responses, settings(steps=1500), seed=0)
    found = describe_filters(training.network, 0.25, 0.02)
    _, images = placements(training.network, found, 0.02)
    assert match(cell.subunits, images)[1].min() > 0.95
    assert training.validation_loss[0, -1] < training.validation_loss[0, 0]


@pytest.mark.parametrize(
    "changes", [{}, {"temporal_basis": 0, "conv_noise": 0.1, "filter_size": 5}]
)
def test_the_same_seed_gives_the_same_weights_bit_for_bit(toy, changes):
    _, movie, responses = toy
    runs = [
        train(movie, responses, settings(steps=30, check_every=10, **changes), seed).network.weight
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(runs[0], runs[1]) and not np.array_equal(runs[0], runs[2])


def test_the_network_kept_is_the_best_one_checked_after_the_ramp(toy):
    _, movie, responses = toy
    training = train(movie, responses, settings(steps=100, check_every=10, l1_ramp=0.5), seed=0)
    late = training.step >= 50
    assert training.best_step == training.step[late][training.validation_loss[:, late].argmin(1)]


def test_training_stops_when_validation_no_longer_improves(toy):
    _, movie, responses = toy
    silent = Responses(
        np.random.default_rng(0).permutation(responses.spike_count, axis=1), np.array([0]), 30.0
    )
    training = train(
        movie, silent, settings(steps=2000, check_every=20, l1_ramp=0, patience=3), seed=0
    )
    assert training.step[-1] < 2000


def test_readout_stays_nonnegative_when_asked(toy):
    _, movie, responses = toy
    kept = train(movie, responses, settings(steps=50, check_every=50), seed=0).network.readout
    free = train(
        movie, responses, settings(steps=50, check_every=50, nonnegative_readout=False), seed=0
    ).network.readout
    assert kept.min() >= 0 > free.min()


@pytest.fixture(scope="module")
def several(toy):
    """Settings and trainings from three starts, one for each way to select."""
    _, movie, responses = toy
    chosen = {"seeds": 3, "steps": 120, "check_every": 20, "l1_ramp": 0.5, "filters": 3}
    return {
        select_by: train(movie, responses, settings(select_by=select_by, **chosen), seed=0)
        for select_by in ("loss", "correlation")
    }


@pytest.mark.parametrize("select_by", ["loss", "correlation"])
def test_the_best_start_and_its_best_check_are_selected(several, select_by):
    training = several[select_by]
    late = training.step >= 60
    score = {"loss": -training.validation_loss, "correlation": training.validation_correlation}
    score = score[select_by][:, late]
    assert score.shape == (3, 4)
    assert training.selected == score.max(1).argmax()
    assert training.network is training.networks[training.selected]
    assert training.best_step.tolist() == training.step[late][score.argmax(1)].tolist()


def test_every_start_has_a_network_of_its_own(several):
    for name in ("weight", "bias", "readout", "readout_offset", "rate_scale"):
        one, two, three = (getattr(net, name) for net in several["loss"].networks)
        for pair in ((one, two), (one, three), (two, three)):
            assert not np.isclose(*pair, rtol=1e-3).all(), name


@pytest.mark.parametrize("select_by", ["loss", "correlation"])
def test_the_kept_networks_do_as_well_as_their_curves_say(toy, several, select_by):
    _, movie, responses = toy
    newest, count = responses.samples(20)
    held_out = validation_mask(len(count), 0.1)
    training = several[select_by]
    best = np.searchsorted(training.step, training.best_step)
    for seed, net in enumerate(training.networks):
        expected = net.predict(movie, newest[held_out]) / 30
        loss = (expected - count[held_out] * np.log(expected)).mean() / count[~held_out].mean()
        assert training.validation_loss[seed, best[seed]] == pytest.approx(loss, abs=1e-4)
        found = correlation(expected, count[held_out])
        assert training.validation_correlation[seed, best[seed]] == pytest.approx(found, abs=1e-3)


def test_curves_have_a_row_for_each_start_and_a_column_for_each_check(several):
    training = several["loss"]
    assert training.step.tolist() == [20, 40, 60, 80, 100, 120]
    for curve in (training.train_loss, training.validation_loss, training.validation_correlation):
        assert curve.shape == (3, 6) and curve.dtype == np.float64
    # Both losses are per spike of the same cell; a few steps in, they differ by their noise alone.
    gap = training.train_loss[:, 1:] - training.validation_loss[:, 1:]
    assert np.abs(gap).max() < 0.15
    assert (training.validation_loss[:, -1] < training.validation_loss[:, 0]).all()


def test_a_halved_rate_is_followed_by_the_gain_and_predicted_with_it():
    _, movie, responses = busy_cell(40_000, n_trials=40)
    rng, counts = np.random.default_rng(1), responses.spike_count.copy()
    counts[20:] = rng.binomial(counts[20:], 0.5)
    drifting = replace(responses, spike_count=counts)
    steady, followed = (
        train(movie, drifting, settings(drift_trials=block, steps=120, check_every=60), seed=0)
        for block in (0, 10)
    )
    assert steady.gain.tolist() == [1.0] * 40
    assert followed.gain.shape == (40,)
    # 20 prior spikes pull little; each block of ten trials has hundreds of spikes.
    blocks = counts[:, 19:].reshape(4, -1).sum(1) * 0.9
    assert blocks.min() > 300
    error = np.repeat(np.sqrt(1 / blocks) + 20 / blocks, 10)
    expected = np.repeat([4 / 3, 2 / 3], 20)
    assert (np.abs(followed.gain - expected) < 4 * expected * error).all()
    # Knowing the gain is worth the mean of g log g for each spike.
    worth = (expected * np.log(expected)).mean()
    for name in ("train_loss", "validation_loss"):
        gained = getattr(steady, name)[0, -1] - getattr(followed, name)[0, -1]
        assert gained == pytest.approx(worth, abs=0.5 * worth)
    # The network itself predicts the mean over the drift.
    newest, count = drifting.samples(20)
    rate = followed.network.predict(movie, newest)
    assert rate.mean() / 30 == pytest.approx(count.mean(), rel=0.1)


def test_a_network_whose_filters_are_copies_is_seen_to_have_collapsed(toy):
    _, movie, responses = toy
    changes = {"start": "sta", "weight_spread": 0.5, "filter_l1": 0, "drive_l1": 0, "filters": 4}
    training = train(movie, responses, settings(steps=60, check_every=30, **changes), seed=0)
    network = training.network
    one = network.weight[:1]
    scale = np.array([1.0, 0.5, -2.0, 0.1])[:, None, None, None]
    assert distinct_filters(network) > 1.001
    collapsed = replace(network, weight=(scale * one).astype(np.float32))
    assert distinct_filters(collapsed) == pytest.approx(1, abs=1e-4)
    groups = {
        name: replace(training, networks=[net]).to_datasets()[None]
        for name, net in (("copies", collapsed), ("apart", apart(network)))
    }
    assert [groups[name].attrs["collapsed"] for name in ("copies", "apart")] == [1, 0]
    assert float(groups["copies"]["distinct_filters"]) < 1.5
    assert float(groups["apart"]["distinct_filters"]) == pytest.approx(4, rel=1e-4)


def apart(network):
    """The network with four filters that look at one pixel each, all read out alike."""
    weight = np.zeros_like(network.weight)
    weight[np.arange(4), 5, np.arange(4), np.arange(4)] = 1
    return replace(network, weight=weight, readout=np.ones_like(network.readout))


def test_an_ln_network_of_one_filter_never_counts_as_collapsed(toy):
    _, movie, responses = toy
    training = train(movie, responses, settings(network="ln", steps=20), seed=0)
    assert distinct_filters(training.network) == pytest.approx(1)
    assert training.to_datasets()[None].attrs["collapsed"] == 0


def test_bfloat16_trains_about_as_well_as_float32(toy):
    _, movie, responses = toy
    exact, rounded = (
        train(movie, responses, settings(steps=60, check_every=20, precision=precision), seed=0)
        for precision in ("float32", "bfloat16")
    )
    assert rounded.network.weight.dtype == np.float32
    assert not np.array_equal(exact.network.weight, rounded.network.weight)
    # Rounding by 0.2% moves the loss far less than 60 steps of training do.
    fallen = exact.validation_loss[0, 0] - exact.validation_loss[0, -1]
    assert fallen > 0.05
    assert np.abs(rounded.validation_loss - exact.validation_loss).max() < 0.2 * fallen


def test_samples_beyond_max_frames_are_not_used(toy):
    _, movie, responses = toy
    counts = responses.spike_count.copy()
    counts[:, 10_019:] = 9
    changes = {"steps": 10, "check_every": 5, "max_frames": 10_000}
    one, other = (
        train(movie, replace(responses, spike_count=each), settings(**changes), seed=0)
        for each in (responses.spike_count, counts)
    )
    assert np.array_equal(one.network.weight, other.network.weight)
    assert np.array_equal(one.validation_loss, other.validation_loss)


def test_a_cell_without_spikes_cannot_be_trained(toy):
    _, movie, responses = toy
    silent = Responses(0 * responses.spike_count, np.array([0]), 30.0)
    with pytest.raises(UserError, match="no spike"):
        train(movie, silent, settings(steps=10), seed=0)


def test_training_that_diverges_says_so(toy):
    _, movie, responses = toy
    with pytest.raises(UserError, match="learning_rate"):
        train(movie, responses, settings(steps=100, check_every=10, conv_noise=3e38), seed=0)
