"""Found subunits: placed filters merged, by shift or sign, and told from null ones."""

import numpy as np
import pytest

from finefield.averages.ellipse import Ellipse
from finefield.networks.network import Network
from finefield.networks.settings import NetworkSettings
from finefield.subunits.filters import describe_filters
from finefield.subunits.finding import merge
from finefield.subunits.removal import Removal
from finefield.subunits.settings import FilterSettings

SETTINGS = FilterSettings()
COURSE = np.array([0.2, 0.9, 0.4])


def bump(y, x, side=9, sigma=1.2):
    rows, columns = np.mgrid[:side, :side]
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * sigma**2))


def network(filters, readout, stride=1, side=9):
    """A network of filters (filter, y, x) that share one time course."""
    weight = COURSE[:, None, None] * np.asarray(filters)[:, None]
    readout = np.asarray(readout, float)
    return Network(
        weight=weight,
        bias=np.zeros(len(weight)),
        readout=readout,
        readout_offset=0.0,
        rate_scale=30.0,
        stimulus_mean=0.0,
        stimulus_sd=1.0,
        stride=stride,
        height=side,
        width=side,
    )


def needed(net, cost=1.0):
    n_filters = len(net.weight)
    return Removal(np.full(n_filters, cost), np.full(n_filters, 0.1))


def find(net, removal=None, **changes):
    settings = SETTINGS.changed(**changes)
    rng = np.random.default_rng(0)
    filters = describe_filters(net, removal or needed(net), settings, rng)
    return filters, merge(net, filters, settings)


def test_two_filters_far_apart_are_two_subunits_of_their_shares():
    net = network([bump(2, 2), bump(6, 6)], [[[3.0]], [[1.0]]])
    filters, found = find(net)
    assert filters.effective.all()
    assert found.share == pytest.approx([0.75, 0.25])
    places = found.placements
    assert places.placed_filter.tolist() == [0, 1] and places.merged_into.tolist() == [0, 1]
    assert (found.image[1] * bump(6, 6)).sum() == pytest.approx(np.linalg.norm(bump(6, 6)))
    assert (found.ellipse[0].y, found.ellipse[0].x) == pytest.approx((2, 2), abs=0.1)


def test_one_filter_read_out_at_two_places_is_two_subunits():
    readout = np.zeros((1, 5, 5))
    readout[0, 0, 0], readout[0, 4, 4] = 2, 1
    net = network([bump(2, 2, side=5, sigma=0.9)], readout)
    _, found = find(net)
    assert found.share == pytest.approx([2 / 3, 1 / 3])
    assert found.placements.first_y.tolist() == [0, 4]
    assert found.placements.first_x.tolist() == [0, 4]
    assert found.duplicate_of.tolist() == [-1]


def test_a_filter_that_repeats_another_but_looks_elsewhere_too_is_no_duplicate():
    readout = np.zeros((3, 5, 5))
    readout[0, 0, 0], readout[1, 0, 0], readout[1, 4, 4], readout[2, 4, 4] = 3, 2, 2, 1
    shape = bump(2, 2, side=5, sigma=0.9)
    _, found = find(network([shape, shape, shape], readout))
    assert found.duplicate_of.tolist() == [-1, -1, 1]
    assert found.share == pytest.approx([5 / 8, 3 / 8])


def test_a_shifted_copy_read_out_where_the_first_looks_is_merged_and_recorded():
    """The same bump, one pixel off in the second filter and read out one pixel before."""
    readout = np.zeros((2, 5, 5))
    readout[0, 2, 2], readout[1, 1, 2] = 2, 1
    filters = [bump(2, 2, side=5, sigma=0.9), bump(3, 2, side=5, sigma=0.9)]
    _, found = find(network(filters, readout))
    assert len(found.image) == 1
    places = found.placements
    assert places.merged_into.tolist() == [0, 0] and sorted(places.placed_filter) == [0, 1]
    assert found.share == pytest.approx([1], abs=1e-6)
    assert (found.ellipse[0].y, found.ellipse[0].x) == pytest.approx((4, 4), abs=0.2)


def test_a_copy_of_opposite_sign_is_merged_and_its_sign_recorded():
    net = network([bump(4, 4), -bump(4, 4)], [[[2.0]], [[1.0]]])
    _, found = find(net)
    assert len(found.image) == 1
    places = found.placements
    assert places.merged_into.tolist() == [0, 0] and places.sign.tolist() == [1, -1]
    assert found.duplicate_of.tolist() == [-1, 0]


def test_neighbours_that_overlap_less_than_the_limit_stay_apart():
    first, second = bump(4, 3), bump(4, 5.2)
    cosine = (first * second).sum() / np.linalg.norm(first) / np.linalg.norm(second)
    assert 0.3 < cosine < 0.6
    net = network([first, second], [[[1.0]], [[1.0]]])
    assert len(find(net)[1].image) == 2
    assert len(find(net, merge_cosine=0.3)[1].image) == 1


def test_weak_groups_are_left_out_and_marked():
    net = network([bump(2, 2), bump(6, 6)], [[[99.0]], [[1.0]]])
    _, found = find(net, contribution_threshold=0.005)
    assert len(found.image) == 2
    # Effective by the first threshold, too weak a subunit by the second.
    filters = describe_filters(
        net,
        needed(net),
        SETTINGS.changed(contribution_threshold=0),
        np.random.default_rng(0),
    )
    found = merge(net, filters, SETTINGS)
    assert len(found.image) == 1 and found.placements.merged_into.tolist() == [0, -1]


def test_a_filter_is_null_for_each_of_three_reasons():
    noise = np.random.default_rng(1).normal(size=(9, 9))
    net = network([bump(2, 2), noise, bump(6, 6), bump(2, 6)], [[[1.0]], [[1]], [[0.01]], [[1]]])
    removal = Removal(np.array([1, 1, 1, 0.2]), np.full(4, 0.1))
    filters, found = find(net, removal)
    assert filters.effective.tolist() == [True, False, False, False]
    assert len(found.image) == 1
    filters, _ = find(net, removal, removal_errors=None)
    assert filters.effective.tolist() == [True, False, False, True]
    filters, _ = find(net, removal, autocorrelation="threshold", morans_i_threshold=-1)
    assert filters.effective.tolist() == [True, True, False, False]


def test_a_network_without_drive_has_no_subunits():
    net = network([bump(2, 2), bump(6, 6)], np.zeros((2, 1, 1)))
    filters, found = find(net)
    assert not filters.effective.any() and found.image.shape == (0, 9, 9)
    assert found.ellipse == () and found.placements.share.size == 0
    coverage, overlap = found.tiling(Ellipse(4, 4, 2, 2, 0))
    assert coverage == 0 and np.isnan(overlap)


def test_filters_that_were_tested_elsewhere_are_not_tested_again():
    chosen = FilterSettings(contribution_threshold=0.1, merge_cosine=0.8)
    random, positions = NetworkSettings(start="random"), NetworkSettings()
    assert chosen.of_network(random) == chosen
    of_positions = chosen.of_network(positions)
    assert (of_positions.merge_cosine, of_positions.contribution_threshold) == (1, 0.1)
    of_stnmf = chosen.of_network(NetworkSettings(network="stnmf"))
    assert (of_stnmf.merge_cosine, of_stnmf.contribution_threshold) == (0.8, 0)
    for one in (of_positions, of_stnmf):
        assert one.removal_errors is None
        assert one.morans_i_threshold == -1
