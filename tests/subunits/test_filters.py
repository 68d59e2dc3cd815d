"""What filters look like: split in space and time, on hand-made networks."""

from dataclasses import replace

import numpy as np
from helpers.networks import two_filter_network

from finefield.networks.settings import NetworkSettings
from finefield.subunits.filters import describe_filters
from finefield.subunits.finding import merge
from finefield.subunits.removal import Removal
from finefield.subunits.settings import FilterSettings

SETTINGS = FilterSettings()


def describe(net):
    """Its filters, all of which the validation data need."""
    needed = Removal(np.ones(len(net.weight)), np.full(len(net.weight), 0.1))
    return describe_filters(net, needed, SETTINGS, np.random.default_rng(0))


def test_a_blob_is_effective_and_noise_is_null():
    found = describe(two_filter_network())
    assert found.effective.tolist() == [True, False]
    assert np.allclose(found.explained, 1)
    assert np.abs(found.temporal[0]).argmax() == 1
    assert found.temporal[0, 1] < 0 < found.spatial[0].max()


def test_every_place_of_an_effective_filter_is_found():
    net = two_filter_network()
    found = merge(net, describe(net), SETTINGS)
    assert found.placements.placed_filter.tolist() == [0, 0]
    peaks = [np.unravel_index(image.argmax(), image.shape) for image in found.image]
    assert peaks == [(2, 2), (6, 4)]  # the blob's centre (2, 2), shifted by two pixels a position


def test_keeping_filters_silences_the_others():
    net = two_filter_network()
    kept = net.keeping(np.array([True, False]))
    assert np.array_equal(kept.readout[0], net.readout[0]) and not kept.readout[1].any()


def test_a_dead_network_has_no_effective_filter():
    net = two_filter_network()
    dead = replace(net, weight=np.zeros_like(net.weight))
    found = describe(dead)
    assert not found.effective.any() and np.isnan(found.morans_i).all()
    assert merge(dead, found, SETTINGS).image.shape == (0, 9, 9)


def test_a_filter_of_one_pixel_needs_no_autocorrelation_where_other_means_have_tested_it():
    net = two_filter_network()
    net = replace(net, weight=net.weight[:, :, :1, :1], height=7, width=7)
    needed = Removal(np.ones(2), np.full(2, 0.1))
    tested = SETTINGS.of_network(NetworkSettings())
    found = describe_filters(net, needed, tested, np.random.default_rng(0))
    assert np.isnan(found.morans_i).all() and found.effective.any()
    dead = replace(net, weight=np.zeros_like(net.weight))
    tested = tested.changed(contribution_threshold=0)
    assert not describe_filters(dead, needed, tested, np.random.default_rng(0)).effective.any()
