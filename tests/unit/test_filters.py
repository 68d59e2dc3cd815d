"""Moran's I against esda, placements and pruning on hand-made networks."""

import numpy as np
import pytest

from finefield.filters import contribution, describe_filters, morans_i, placements
from finefield.network import Network


@pytest.mark.parametrize("shape", [(5, 5), (4, 9), (12, 3)])
def test_morans_i_is_esdas(shape):
    esda = pytest.importorskip("esda")
    libpysal = pytest.importorskip("libpysal")
    image = np.random.default_rng(0).normal(size=shape)
    neighbours = libpysal.weights.lat2W(*shape, rook=True)
    expected = esda.Moran(image.ravel(), neighbours, transformation="B", permutations=0).I
    assert morans_i(image) == pytest.approx(expected)


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
    found = describe_filters(two_filter_network(), 0.25, 0.02)
    assert found.effective.tolist() == [True, False]
    assert np.allclose(found.explained, 1)
    assert np.abs(found.temporal[0]).argmax() == 1
    assert found.temporal[0, 1] < 0 < found.spatial[0].max()


def test_every_place_of_an_effective_filter_is_found():
    net = two_filter_network()
    index, images = placements(net, describe_filters(net, 0.25, 0.02), 0.02)
    assert index.tolist() == [0, 0]
    peaks = [np.unravel_index(image.argmax(), image.shape) for image in images]
    assert peaks == [(2, 2), (6, 4)]  # the blob's centre (2, 2), shifted by two pixels a position


def test_contributions_are_shares_of_norm_times_readout():
    net = two_filter_network()
    norms = [np.linalg.norm(weight) for weight in net.weight]
    expected = np.array([1.5 * norms[0], 0.8 * norms[1]])
    assert contribution(net) == pytest.approx(expected / expected.sum())


def test_keeping_filters_silences_the_others():
    net = two_filter_network()
    kept = net.keeping(np.array([True, False]))
    assert np.array_equal(kept.readout[0], net.readout[0]) and not kept.readout[1].any()


def test_a_dead_network_has_no_effective_filter():
    net = two_filter_network()
    dead = Network(**{**net.__dict__, "weight": np.zeros_like(net.weight)})
    found = describe_filters(dead, 0.25, 0.02)
    assert not found.effective.any() and np.isnan(found.morans_i).all()
    assert placements(dead, found, 0.02)[1].shape == (0, 9, 9)
