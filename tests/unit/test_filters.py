"""What filters look like: split in space and time, on hand-made networks."""

from dataclasses import replace

import numpy as np

from finefield.filters import describe_filters
from finefield.network import Network
from finefield.removal import Removal
from finefield.subunits import merge

SETTINGS = {
    "autocorrelation": "permutation",
    "morans_p_threshold": 0.01,
    "contribution_threshold": 0.02,
    "removal_errors": 3,
    "merge_cosine": 0.75,
}


def describe(net):
    """Its filters, all of which the validation data need."""
    needed = Removal(np.ones(len(net.weight)), np.full(len(net.weight), 0.1))
    return describe_filters(net, needed, SETTINGS, np.random.default_rng(0))


def two_filter_network():
    """A blob read out at two places, and noise read out at one."""
    rng = np.random.default_rng(0)
    temporal = np.array([0.2, -1.0, 0.5])
    blob, noise = np.zeros((5, 5)), rng.choice([-1.0, 1.0], (5, 5)) * rng.random((5, 5))
    blob[1:4, 1:4] = [[0.5, 1, 0.5], [1, 2, 1], [0.5, 1, 0.5]]
    weight = temporal[:, None, None] * np.stack([blob, noise])[:, None]
    readout = np.zeros((2, 3, 3))
    readout[0, 0, 0], readout[0, 2, 1], readout[1, 1, 1] = 1.0, 0.5, 0.8
    return Network(weight, np.zeros(2), readout, 0.0, 1.0, 0.0, 1.0, 2, 9, 9)


def test_a_blob_is_effective_and_noise_is_null():
    found = describe(two_filter_network())
    assert found.effective.tolist() == [True, False]
    assert np.allclose(found.explained, 1)
    assert np.abs(found.temporal[0]).argmax() == 1
    assert found.temporal[0, 1] < 0 < found.spatial[0].max()


def test_every_place_of_an_effective_filter_is_found():
    net = two_filter_network()
    found = merge(net, describe(net), SETTINGS)
    assert found.filter.tolist() == [0, 0]
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
