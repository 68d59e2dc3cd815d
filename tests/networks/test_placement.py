"""How much of a network's drive passes where, and how many of its filters are different."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.networks import two_filter_network

from finefield.networks.network import Network
from finefield.networks.placement import distinct_filters, drive_share
from finefield.stimuli.noise import binary_noise


def test_shares_are_those_of_the_drives_spread_to_white_noise():
    """Each filter at each place alone, without rectification, seen by many frames of noise."""
    net = replace(two_filter_network(), nonlinearity="linear", stimulus_sd=1.0)
    movie = binary_noise(np.random.default_rng(0), 20_000, net.height, net.width)
    spread = np.zeros(net.readout.shape)
    for place in np.argwhere(net.readout):
        alone = np.zeros(net.readout.shape)
        alone[tuple(place)] = net.readout[tuple(place)]
        drives = replace(net, readout=alone).drives(movie, np.arange(10, 20_000))
        spread[tuple(place)] = drives.sum(1).std()
    np.testing.assert_allclose(drive_share(net), spread / spread.sum(), atol=0.01)


def counted(weight, readout, size=9, stride=1):
    """Distinct filters of a network of these filters (filter, lag, y, x) and readout."""
    n_filters = len(weight)
    weight, readout = np.asarray(weight, np.float32), np.asarray(readout, np.float32)
    return distinct_filters(
        Network(weight, np.zeros(n_filters), readout, 0, 1, 0, 1, stride, size, size)
    )


def orthogonal(n, rng, shape=(3, 9, 9)):
    """Filters of unit norm, each orthogonal to the others."""
    return np.linalg.qr(rng.normal(size=(np.prod(shape), n)))[0].T.reshape(n, *shape)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_orthogonal_filters_of_equal_share_count_one_each(n):
    weight = orthogonal(n, np.random.default_rng(0))
    assert counted(weight, np.full((n, 1, 1), 0.3)) == pytest.approx(n, rel=1e-5)
    # The share is norm times readout, so that a smaller filter with a larger readout is the same.
    scale = np.geomspace(0.1, 10, n)[:, None, None]
    assert counted(weight * scale[..., None], 0.3 / scale) == pytest.approx(n, rel=1e-5)


def test_copies_of_one_filter_at_one_place_count_as_one():
    weight = orthogonal(1, np.random.default_rng(0))
    copies = np.concatenate([weight, 3 * weight, -0.5 * weight])
    assert counted(copies, [[[1.0]], [[0.2]], [[-4.0]]]) == pytest.approx(1, rel=1e-5)


def test_one_filter_read_out_at_two_places_apart_counts_as_two():
    weight = orthogonal(1, np.random.default_rng(0), (3, 4, 4))
    readout = np.zeros((1, 6, 6))
    readout[0, 0, 0] = readout[0, 5, 1] = 0.7
    assert counted(weight, readout) == pytest.approx(2, rel=1e-5)
    readout[0, 5, 1] = 0
    assert counted(weight, readout) == pytest.approx(1, rel=1e-5)


def test_unequal_shares_count_as_simpsons_index():
    share = np.array([0.5, 0.3, 0.2])
    found = counted(orthogonal(3, np.random.default_rng(0)), share[:, None, None])
    assert found == pytest.approx(1 / (share**2).sum(), rel=1e-5)


@pytest.mark.parametrize("cosine", [0.0, 0.3, -0.6, 0.9])
def test_similar_filters_count_as_less_than_two(cosine):
    one, other = orthogonal(2, np.random.default_rng(0))
    similar = cosine * one + np.sqrt(1 - cosine**2) * other
    found = counted([one, similar], np.ones((2, 1, 1)))
    assert found == pytest.approx(2 / (1 + cosine**2), rel=1e-5)


@pytest.mark.parametrize("stride", [1, 2])
def test_overlapping_places_count_by_the_overlap_of_the_placed_filters(stride):
    rng = np.random.default_rng(0)
    weight, readout = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(2, 3, 3))
    size = 5 + 2 * stride
    placed, share = [], []
    for f, row, column in np.ndindex(readout.shape):
        before = stride * row, stride * column
        pads = [(0, 0), *((n, size - 5 - n) for n in before)]
        placed.append(np.pad(weight[f], pads).ravel() / np.linalg.norm(weight[f]))
        share.append(np.linalg.norm(weight[f]) * abs(readout[f, row, column]))
    total = 0.0
    for one, p in zip(placed, share, strict=True):
        for other, q in zip(placed, share, strict=True):
            total += p * q * (one @ other) ** 2
    expected = sum(share) ** 2 / total
    assert counted(weight, readout, size, stride) == pytest.approx(expected, rel=1e-4)


def test_filters_that_are_not_used_do_not_count():
    weight = orthogonal(3, np.random.default_rng(0))
    weight[2] = 0
    assert counted(weight, [[[1.0]], [[0.0]], [[1.0]]]) == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("change", ["weight", "readout"])
def test_a_network_without_drive_has_no_number_of_filters(change):
    net = two_filter_network()
    dead = replace(net, **{change: np.zeros_like(getattr(net, change))})
    assert np.isnan(distinct_filters(dead)) and distinct_filters(net) > 1


def test_filters_count_through_a_hidden_layer_as_through_none():
    """A hidden layer of one position that adds up filters is a readout in two steps."""
    rng = np.random.default_rng(0)
    weight, gain = orthogonal(3, rng, (3, 4, 4)), np.array([0.2, 1.0, 0.6])
    plain = Network(weight, np.zeros(3), np.ones((3, 3, 3)) * gain[:, None, None],
                    0, 1, 0, 1, 1, 6, 6)  # fmt: skip
    deep = replace(
        plain,
        readout=np.full((1, 3, 3), 2.5),
        hidden_weight=gain.reshape(1, 3, 1, 1),
        hidden_bias=np.zeros(1),
    )
    assert distinct_filters(deep) == pytest.approx(distinct_filters(plain))
