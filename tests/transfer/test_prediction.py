"""Transfer between identical cells at different places, moved, inverted and refitted ones."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.networks import network

from finefield.averages.separation import separate
from finefield.averages.sta import spike_triggered_average
from finefield.networks.dynamics.model import Dynamics
from finefield.responses.scores import correlation
from finefield.stimuli.movie import BinaryStimulus
from finefield.stimuli.window import Window
from finefield.transfer.prediction import transfer, transfer_row
from finefield.transfer.targets import Target, aligned_window, best_windows, reach

FIELD = BinaryStimulus.from_frames(np.random.default_rng(0).integers(0, 2, (4000, 20, 20)), -1, 1)
FROZEN = BinaryStimulus.from_frames(np.random.default_rng(9).integers(0, 2, (300, 20, 20)), -1, 1)
NETWORK = network(np.random.default_rng(1))
LAGS = NETWORK.lags


def target(net, window, seed=2, crop=None):
    """A cell that responds as a network on a window does; its `crop` may be another one."""
    rng, crop = np.random.default_rng(seed), crop or window
    newest = np.arange(LAGS - 1, 4000)
    rate = net.predict(FIELD.crop(window), newest)
    scale = 0.5 / rate.mean()
    count = rng.poisson(scale * rate)
    frozen = np.arange(LAGS - 1, 300)
    measured = rng.poisson(scale * net.predict(FROZEN.crop(window), frozen), (50, len(frozen)))
    sta = spike_triggered_average(FIELD.crop(crop), newest, count, LAGS)
    temporal, spatial, _ = separate(sta)
    return Target(crop, frozen, measured.mean(0), newest, count, temporal, spatial)


def transferred(source, cell, net=NETWORK, amounts=(200, 3000), max_shift=2):
    cells = {"cell": cell}
    return transfer(net, source, cells, cells, FROZEN, FIELD, amounts, max_shift)["cell"]


@pytest.mark.parametrize("window", [Window(0, 0, 9, 8), Window(5, 9, 9, 8), Window(11, 12, 9, 8)])
def test_a_copy_of_the_cell_elsewhere_is_predicted_as_well(window):
    source, cell = target(NETWORK, Window(6, 6, 9, 8)), target(NETWORK, window)
    found = transferred(source, cell)
    expected = correlation(NETWORK.predict(FROZEN.crop(window), cell.newest), cell.rate)
    assert found.correlation == pytest.approx(expected) and expected > 0.9
    assert (found.shift_y, found.shift_x) == (0, 0)
    assert found.aligned_correlation == found.correlation
    assert found.refit_correlation[-1] > 0.98 * expected
    assert found.rank_correlation > 0.7


def test_a_copy_at_another_place_of_its_crop_is_found_by_its_shift():
    window, crop = Window(6, 6, 9, 8), Window(5, 8, 9, 8)
    source, cell = target(NETWORK, window), target(NETWORK, window, crop=crop)
    found = transferred(source, cell)
    assert (found.shift_y, found.shift_x) == (1, -2)
    assert found.aligned_correlation > 0.9 > 0.7 > found.correlation


def test_a_cell_of_the_other_polarity_is_told_from_one_that_is_not_related():
    window = Window(6, 6, 9, 8)
    inverted = replace(NETWORK, weight=-NETWORK.weight)
    source, cell = target(NETWORK, window), target(inverted, window)
    found = transferred(source, cell)
    assert found.flipped_correlation > 0.9 > 0.3 > found.correlation
    other = target(network(np.random.default_rng(5)), window)
    assert max(transferred(source, other).flipped_correlation, 0) < 0.8


def test_a_cell_of_another_threshold_is_predicted_better_after_a_refit():
    window = Window(6, 6, 9, 8)
    drives = NETWORK.drives(FIELD.crop(window), np.arange(LAGS - 1, 4000)).sum(1)
    higher = replace(NETWORK, readout_offset=-float(drives.mean() + 2 * drives.std()))
    source, cell = target(NETWORK, window), target(higher, window)
    found = transferred(source, cell)
    assert found.refit_correlation[-1] > found.correlation


def test_other_weights_of_the_same_filters_need_the_readout_refitted():
    window = Window(6, 6, 9, 8)
    factor = np.linspace(0, 3, len(NETWORK.readout))[:, None, None]
    net = replace(NETWORK, readout=np.abs(NETWORK.readout))
    other = replace(net, readout=net.readout * factor)
    source, cell = target(net, window), target(other, window)
    found = transferred(source, cell, net)
    assert found.readout_correlation[-1] > found.refit_correlation[-1]
    own = correlation(other.predict(FROZEN.crop(window), cell.newest), cell.rate)
    assert found.readout_correlation[-1] == pytest.approx(own, abs=0.02)


def test_samples_without_a_spike_give_no_refit():
    cell = target(NETWORK, Window(6, 6, 9, 8))
    silent = replace(cell, refit_count=np.where(np.arange(len(cell.refit_count)) < 200, 0, 1))
    found = transferred(cell, silent)
    assert np.isnan(found.refit_correlation[0]) and np.isnan(found.readout_correlation[0])


def test_a_row_holds_every_cell_on_every_stimulus_and_shifts_of_the_first():
    window, crop = Window(6, 6, 9, 8), Window(5, 8, 9, 8)
    source, cell = target(NETWORK, window), target(NETWORK, window, crop=crop)
    # On the second stimulus the average says nothing of the shift.
    blind = replace(cell, spatial=np.zeros_like(cell.spatial))
    targets = {"noise": {"a": source, "b": cell}, "film": {"b": blind}}
    movies = ((name, FROZEN, FIELD) for name in targets)
    found = transfer_row(NETWORK, ("noise", "a"), targets, movies, [200], 2)
    assert set(found) == {("noise", "a"), ("noise", "b"), ("film", "b")}
    assert (found["film", "b"].shift_y, found["film", "b"].shift_x) == (1, -2)
    alone = transferred(source, cell, amounts=[200])
    assert found["noise", "b"].correlation == alone.correlation


def test_best_windows_are_those_of_every_window_tried():
    rng = np.random.default_rng(3)
    source, cell = target(NETWORK, Window(6, 6, 9, 8)), target(NETWORK, Window(1, 10, 9, 8))
    source, cell = (replace(one, spatial=rng.normal(size=(9, 8))) for one in (source, cell))
    image = np.zeros((20, 20))
    image[1:10, 10:18] = cell.spatial
    sign = np.sign(source.temporal @ cell.temporal)
    tried = {
        (y, x): sign * (image[y : y + 9, x : x + 8] * source.spatial).sum()
        for y in range(0, 4)
        for x in range(8, 13)
    }
    aligned, flipped = best_windows(source, cell, Window(1, 10, 9, 8), (20, 20), 2)
    assert (aligned.y, aligned.x) == max(tried, key=tried.get)
    assert (flipped.y, flipped.x) == min(tried, key=tried.get)


def test_windows_share_their_centre_where_the_field_allows():
    assert aligned_window(Window(4, 4, 8, 8), 4, 4, (20, 20)) == Window(6, 6, 4, 4)
    assert aligned_window(Window(0, 16, 4, 4), 8, 8, (20, 20)) == Window(0, 12, 8, 8)


def test_other_targets_change_no_score_of_a_network_with_dynamics():
    """Their tested frames lie between those of the cell."""
    window, parts = Window(6, 6, 9, 8), np.arange(LAGS - 1, 300) // 20
    net = replace(
        NETWORK, dynamics=Dynamics(gain_control=1.0, gain_control_frames=20.0, mean_output=0.5)
    )
    whole = target(net, window)
    cell = replace(whole, newest=whole.newest[parts % 2 == 0], rate=whole.rate[parts % 2 == 0])
    cells = {"cell": cell, "whole": whole}
    both = transfer(net, whole, cells, cells, FROZEN, FIELD, [200], 2)["cell"]
    assert both.correlation == transferred(whole, cell, net, [200]).correlation
    expected = correlation(net.predict(FROZEN.crop(window), cell.newest), cell.rate)
    assert both.correlation == pytest.approx(expected)


def test_a_target_without_training_samples_has_no_refit():
    cell = target(NETWORK, Window(6, 6, 9, 8))
    bare = replace(cell, refit_newest=cell.refit_newest[:0], refit_count=cell.refit_count[:0])
    assert reach({"cell": bare}) == 1 and reach({"cell": bare, "other": cell}) == 4000
    found = transferred(cell, bare)
    assert found.correlation > 0.9 and np.isnan(found.refit_correlation).all()


def test_a_cell_without_responses_to_its_own_stimulus_is_found_on_the_first():
    source = target(NETWORK, Window(6, 6, 9, 8))
    targets = {"noise": {"a": source}, "film": {"b": source}}
    movies = ((name, FROZEN, FIELD) for name in targets)
    found = transfer_row(NETWORK, ("film", "a"), targets, movies, [200], 2)
    assert set(found) == {("noise", "a"), ("film", "b")}
