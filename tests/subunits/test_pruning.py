"""Removing filters: what the validation data say, a readout fitted anew, and the curve."""

from dataclasses import replace

import numpy as np
import pytest

from finefield.networks.dynamics.model import Dynamics
from finefield.networks.known import Known
from finefield.networks.network import Network
from finefield.responses.samples import TrainingData, spread_blocks
from finefield.responses.scores import correlation
from finefield.responses.testing import CellTest
from finefield.stimuli.movie import BinaryStimulus
from finefield.subunits.pruning import Refit, prune, pruning_curve, score_pruned
from finefield.subunits.removal import remove_each

RATE = 30.0
N_FRAMES = 60_000


def network():
    """Two filters that drive the cell, and a third that reaches the readout but is of no use."""
    rng = np.random.default_rng(0)
    weight = np.zeros((3, 2, 4, 4))
    weight[0, 0, :2, :2], weight[1, 0, 2:, 2:] = 0.5, 0.5
    weight[2] = 0.2 * rng.normal(size=(2, 4, 4))
    readout = np.array([1.0, 0.8, 0.3])[:, None, None]
    return Network(
        weight=weight,
        bias=np.zeros(3),
        readout=readout,
        readout_offset=-2.0,
        rate_scale=20.0,
        stimulus_mean=0.0,
        stimulus_sd=1.0,
        stride=1,
        height=4,
        width=4,
    )


@pytest.fixture(scope="module")
def cell():
    """Spikes of the network's first two filters alone."""
    rng = np.random.default_rng(1)
    movie = BinaryStimulus.from_frames(rng.integers(0, 2, (N_FRAMES, 4, 4)))
    newest = np.arange(1, N_FRAMES)
    true = network().keeping(np.array([True, True, False]))
    rate = true.predict(movie, newest)
    count = rng.poisson(rate / RATE).astype(np.float32)
    data = TrainingData(newest, count, newest * 0, spread_blocks(len(count), 0.2))
    return Known(stimulus=movie, data=data, gain=np.ones(1), frame_rate=RATE)


def test_only_what_the_cell_uses_costs_something(cell):
    (cost,) = remove_each([network()], cell)
    significant = cost.cost / cost.error
    assert (significant[:2] > 5).all() and significant[2] < 3


def test_the_error_is_that_of_repeated_experiments(cell):
    """SD of the cost over 40 cells of the same rate, against the mean error."""
    movie, data = cell.stimulus, cell.data
    rng, found = np.random.default_rng(2), []
    rate = network().keeping(np.array([True, True, False])).predict(movie, data.newest) / RATE
    for _ in range(40):
        drawn = replace(data, count=rng.poisson(rate).astype(np.float32))
        found += remove_each([network()], replace(cell, data=drawn))
    spread = np.std([one.cost for one in found], axis=0, ddof=1)
    error = np.mean([one.error for one in found], axis=0)
    # The error also counts that frames differ, so that it may be larger, but hardly smaller.
    assert (error > 0.7 * spread).all() and (error < 3 * spread).all()


def test_a_refitted_readout_makes_up_for_a_wrong_one(cell):
    movie = cell.stimulus
    wrong = replace(network(), readout=np.array([0.2, 1.5, 0.3])[:, None, None], rate_scale=5.0)
    kept = np.array([True, True, False])
    fitted = Refit.of(wrong, cell).network(wrong, kept)
    true = network().keeping(kept)
    newest = np.arange(1, 20_000)
    assert correlation(fitted.predict(movie, newest), true.predict(movie, newest)) > 0.995
    assert fitted.predict(movie, newest).mean() == pytest.approx(
        true.predict(movie, newest).mean(), rel=0.05
    )
    assert fitted.readout[2] == 0


def test_without_any_filter_the_mean_rate_is_left(cell):
    movie, data = cell.stimulus, cell.data
    empty = Refit.of(network(), cell).network(network(), np.zeros(3, bool))
    predicted = empty.predict(movie, np.arange(1, 500))
    assert np.ptp(predicted) == 0
    assert predicted[0] == pytest.approx(data.count[~data.held_out].mean() * RATE, rel=0.05)


def test_the_curve_is_highest_best_first_and_ends_where_all_filters_are_kept(cell):
    movie = cell.stimulus
    net, newest = network(), np.arange(1, 5000)
    measured = net.keeping(np.array([True, True, False])).predict(movie, newest)
    cost, drives = remove_each([net], cell)[0].cost, net.drives(movie, newest)
    rng = np.random.default_rng(0)
    best, random = pruning_curve(Refit.of(net, cell), cost, drives, measured, rng, n_orders=6)
    assert best.shape == (3,) and random.shape == (6, 3)
    assert best[1] > 0.99 and best[0] < 0.95
    assert random[:, -1] == pytest.approx(best[-1], abs=1e-3)
    # The useless filter alone gets a readout of 0: a constant prediction, without correlation.
    assert np.nanmean(random[:, 0]) < best[0]


def test_drives_add_up_to_the_prediction(cell):
    movie = cell.stimulus
    net, newest = network(), np.array([700, 5, 511, 512, 513, 59_999, 5])
    drives = net.drives(movie, newest)
    assert net.rate(drives, newest) == pytest.approx(net.predict(movie, newest))
    alone = net.keeping(np.array([False, True, False])).drives(movie, newest)
    assert alone.sum(1) == pytest.approx(drives[:, 1])


def test_a_network_with_a_hidden_layer_is_pruned_but_has_no_curve(cell):
    movie = cell.stimulus
    net = replace(
        network(), hidden_weight=np.array([1.0, 0.8, 0.0]).reshape(1, 3, 1, 1),
        hidden_bias=np.zeros(1), readout=np.ones((1, 1, 1)),
    )  # fmt: skip
    kept, newest = np.array([True, False, False]), np.arange(1, 3000)
    pruned = prune(net, kept, cell).predict(movie, newest)
    assert correlation(pruned, network().keeping(kept).predict(movie, newest)) > 0.99
    counts, rng = np.random.default_rng(0).poisson(1, (4, len(newest))), np.random.default_rng(0)
    test = CellTest(movie, newest, newest, counts, RATE)
    scores = score_pruned(net, cell, test, kept, np.ones(3), rng)
    assert scores.kept_correlation.size == scores.random_correlation.size == 0
    (cost,) = remove_each([net], cell)
    assert (cost.cost[:2] > 5 * cost.error[:2]).all() and cost.cost[2] == 0


DYNAMICS = Dynamics(
    gain_control=1.0, gain_control_frames=10.0, feedback=1.0, feedback_frames=2.0, mean_output=0.3
)


def test_all_filters_kept_predict_as_the_curve_ends_with_dynamics_too(cell):
    net, newest = replace(network(), dynamics=DYNAMICS), np.arange(1, 5000)
    counts = np.random.default_rng(0).poisson(net.predict(cell.stimulus, newest) / RATE, (20, 4999))
    test = CellTest(cell.stimulus, newest, newest, counts, RATE)
    every, rng = np.ones(3, bool), np.random.default_rng(0)
    scores = score_pruned(net, cell, test, every, np.ones(3), rng)
    assert scores.pruned_correlation == pytest.approx(scores.kept_correlation[-1])
    none = score_pruned(net, cell, test, ~every, np.ones(3), rng)
    assert np.isnan(none.pruned_correlation)
    empty = prune(net, ~every, cell).predict(cell.stimulus, newest)
    assert np.ptp(empty) == 0
    assert empty[0] == pytest.approx(cell.data.count[~cell.data.held_out].mean() * RATE, rel=0.05)


def test_spikes_between_the_blocks_of_a_refit_are_seen(cell):
    blocks, training = cell.data.blocks(), ~cell.data.held_out
    count = np.where(training & (blocks % 2 == 1), cell.data.count, 0)
    quiet = replace(cell, data=replace(cell.data, count=count))
    refit = Refit.of(network(), quiet, most=training.sum() // 2)
    assert refit.count.sum() == count[training].sum()
