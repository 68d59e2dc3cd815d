"""Training on small data: it learns, it is reproducible, and it says what it cannot do."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.cells import busy_cell, settings

from finefield.averages.separation import separate
from finefield.base.errors import UserError
from finefield.networks.known import Known
from finefield.networks.placement import distinct_filters
from finefield.networks.training.train import train
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData, spread_blocks
from finefield.responses.scores import correlation
from finefield.subunits.finding import found_subunits
from finefield.subunits.matching import match
from finefield.subunits.settings import FilterSettings


@pytest.fixture(scope="module")
def toy():
    return busy_cell(40_000)


def test_training_finds_the_subunits_of_a_busy_cell(toy):
    cell, movie, responses = toy
    training = train(movie, responses, chosen := settings(steps=1500), seed=0)
    known = Known.of(movie, responses, training.gain, chosen)
    rng = np.random.default_rng(0)
    judged = FilterSettings().of_network(chosen)
    filters, _, found = found_subunits(training.network, known, judged, rng)
    assert filters.effective.sum() == len(found.image) == 4
    assert match(cell.subunits, found.image)[1].min() > 0.95
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
        movie,
        responses,
        settings(steps=50, check_every=50, nonnegative_readout=False),
        seed=0,
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
            assert not np.isclose(*pair, rtol=1e-5).all(), name


@pytest.mark.parametrize("select_by", ["loss", "correlation"])
def test_the_kept_networks_do_as_well_as_their_curves_say(toy, several, select_by):
    _, movie, responses = toy
    newest, count = responses.samples(20)
    held_out = spread_blocks(len(count), 0.1)
    training = several[select_by]
    best = np.searchsorted(training.step, training.best_step)
    for seed, net in enumerate(training.networks):
        expected = net.predict(movie, newest[held_out]) / 30
        loss = (expected - count[held_out] * np.log(expected)).sum() / count[held_out].sum()
        assert training.validation_loss[seed, best[seed]] == pytest.approx(loss, abs=1e-4)
        found = correlation(expected, count[held_out])
        assert training.validation_correlation[seed, best[seed]] == pytest.approx(found, abs=1e-3)


def test_curves_have_a_row_for_each_start_and_a_column_for_each_check(toy, several):
    training = several["loss"]
    data = TrainingData.of(toy[2], settings())
    assert training.step.tolist() == [20, 40, 60, 80, 100, 120]
    for curve in (training.train_loss, training.validation_loss, training.validation_correlation):
        assert curve.shape == (3, 6) and curve.dtype == np.float64
    # Both losses are per spike of the same cell; a few steps in, they differ by the noise of the
    # validation spikes alone, of which each costs about 3.
    gap = training.train_loss[:, 1:] - training.validation_loss[:, 1:]
    assert np.abs(gap).max() < 3 * 3 / np.sqrt(data.count[data.held_out].sum())
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
    changes = {"weight_spread": 0.5, "filter_l1": 0, "drive_l1": 0, "filters": 4}
    training = train(movie, responses, settings(steps=60, check_every=30, **changes), seed=0)
    network = training.network
    one = network.weight[:1]
    scale = np.array([1.0, 0.5, -2.0, 0.1])[:, None, None, None]
    assert distinct_filters(network) > 1.001
    collapsed = replace(network, weight=(scale * one).astype(np.float32))
    assert distinct_filters(collapsed) == pytest.approx(1, abs=1e-4)
    copies, others = (replace(training, networks=[net]) for net in (collapsed, apart(network)))
    assert copies.collapsed and not others.collapsed
    assert copies.distinct_filters < 1.5
    assert others.distinct_filters == pytest.approx(4, rel=1e-4)


def apart(network):
    """The network with four filters that look at one pixel each, all read out alike."""
    weight = np.zeros_like(network.weight)
    weight[np.arange(4), 5, np.arange(4), np.arange(4)] = 1
    return replace(network, weight=weight, readout=np.ones_like(network.readout))


def test_an_ln_network_of_one_filter_never_counts_as_collapsed(toy):
    _, movie, responses = toy
    training = train(movie, responses, settings(network="ln", steps=20), seed=0)
    assert distinct_filters(training.network) == pytest.approx(1)
    assert not training.collapsed


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


def test_halves_and_bootstraps_are_trained_beside_the_seeds_and_change_nothing_for_them(toy):
    _, movie, responses = toy
    changes = {"steps": 40, "check_every": 20, "seeds": 2}
    chosen = settings(**changes, halves=True, bootstraps=3)
    training = train(movie, responses, chosen, seed=0)
    assert training.n_starts == {"seeds": 2, "halves": 2, "bootstraps": 3}
    assert len(training.networks) == 7 and training.selected < 2
    weights = [net.weight for net in training.networks]
    assert all(not np.allclose(weights[0], other) for other in weights[1:])


def test_a_half_does_not_see_the_other_half(toy):
    """Spikes of one half, when they change, leave the other half's network as it is."""
    _, movie, responses = toy
    chosen = settings(steps=20, check_every=10, halves=True, sampling="uniform", drift_trials=0)
    chosen = chosen.changed(temporal_basis=0, batch_size=300)
    data = TrainingData.of(responses, chosen)
    counts, rng = responses.spike_count.copy(), np.random.default_rng(0)
    second = data.newest[(data.blocks() % 2 == 1) & ~data.held_out]
    counts[0, second] = rng.permutation(counts[0, second])
    one, other = (
        train(movie, replace(responses, spike_count=each), chosen, seed=0).networks
        for each in (responses.spike_count, counts)
    )
    assert np.allclose(one[1].weight, other[1].weight, atol=1e-6)
    assert not np.allclose(one[2].weight, other[2].weight, atol=1e-3)


def test_a_part_of_the_data_is_blocks_spread_over_the_recording(toy):
    _, _, responses = toy
    data = TrainingData.of(responses, settings(data_fraction=0.2))
    assert len(data.count) == pytest.approx(8000, abs=500)
    assert data.newest[0] < 5000 and data.newest[-1] > 35_000
    assert (np.diff(data.newest) == 1).mean() > 0.99
    assert data.held_out.mean() == pytest.approx(0.1, abs=0.02)


def test_shuffled_pixels_cost_what_they_take(toy):
    _, movie, responses = toy
    plain, half, full = (
        train(
            movie,
            responses,
            settings(steps=150, check_every=50, stimulus_noise=noise),
            seed=0,
        )
        for noise in (0, 0.5, 1)
    )
    loss = [one.validation_loss[0].min() for one in (plain, half, full)]
    assert loss[0] < loss[1] - 0.01 and loss[1] < loss[2]


def test_the_film_ends_with_the_filters_that_were_kept(toy):
    _, movie, responses = toy
    training = train(movie, responses, settings(steps=60, check_every=20), seed=0)
    assert training.film.shape == (3, *training.network.weight.shape[:1], 8, 8)
    last = np.flatnonzero(training.step == training.best_step[training.selected])[0]
    for number, weight in enumerate(training.network.weight):
        temporal, spatial, _ = separate(weight)
        norm = np.linalg.norm(temporal)
        assert training.film[last, number] == pytest.approx(norm * spatial, abs=2e-3 * norm)


def test_squared_filters_make_a_quadratic_network(toy):
    _, movie, responses = toy
    training = train(movie, responses, settings(network="quadratic", steps=60), seed=0)
    net, newest = training.network, np.arange(100, 120)
    contrast = (movie.frames() - net.stimulus_mean) / net.stimulus_sd
    past = np.stack([contrast[frame - np.arange(20)] for frame in newest])
    drive = np.einsum("nlyx,flyx->nf", past, net.weight) + net.bias
    expected = net.rate_scale * np.logaddexp(
        0, drive**2 @ net.readout[:, 0, 0] + net.readout_offset
    )
    assert net.predict(movie, newest) == pytest.approx(expected, rel=1e-4)
