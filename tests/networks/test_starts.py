"""Where filters start: random ones of a known SD, and spikes' means found by brute force."""

import numpy as np
import pytest
from helpers.cells import busy_cell, noise, settings

from finefield.networks.training import starts
from finefield.networks.training.train import train
from finefield.responses.responses import Responses
from finefield.responses.samples import spread_blocks
from finefield.subunits.matching import cosines

#: A step so small that filters stay where they start.
STILL = {"steps": 1, "check_every": 1, "learning_rate": 1e-9, "l1_ramp": 0}


@pytest.mark.parametrize("size, channels", [((9, 9), 4), ((1, 1), 20), ((3, 7), 1)])
@pytest.mark.parametrize("spread", [0.1, 1.0, 3.0])
def test_random_filters_put_out_the_spread_that_was_asked_for(size, channels, spread):
    rng = np.random.default_rng(0)
    filters = starts.random(3, 400, size, channels, spread, rng)
    assert filters.shape == (3, 400, *size, channels)
    inputs = rng.choice([-1.0, 1.0], (400, *size, channels))
    output = np.einsum("nyxc,sfyxc->snf", inputs, filters)
    for one in output:
        assert one.std() == pytest.approx(spread, rel=0.08)
    assert np.abs(np.corrcoef(filters[:, :, 0, 0, 0])[np.triu_indices(3, 1)]).max() < 0.2


def cosine(one, other):
    return (one * other).sum() / np.linalg.norm(one) / np.linalg.norm(other)


@pytest.mark.parametrize("changes", [{"temporal_basis": 0}, {"temporal_basis": 4}])
def test_filters_that_start_from_the_sta_are_its_strongest_window(changes):
    _, movie, responses = busy_cell(30_000)
    changes = changes | {"start": "sta", "filter_size": 4, "filters": 3, "seeds": 2}
    chosen = settings(weight_spread=0.7, **changes, **STILL)
    training = train(movie, responses, chosen, seed=0)
    newest, count = responses.samples(20)
    used = ~spread_blocks(len(count), 0.1) & (count > 0)
    frames = movie.frames()
    sta = np.mean([frames[t - 19 : t + 1][::-1] for t in newest[used]], axis=0)
    energy = {(y, x): (sta[:, y : y + 4, x : x + 4] ** 2).sum() for y in range(5) for x in range(5)}
    y, x = max(energy, key=energy.get)
    assert (y, x) == (2, 2)  # where its subunits lie
    starts_found = np.concatenate([network.weight for network in training.networks])
    for filter_ in starts_found:
        assert cosine(filter_, sta[:, y : y + 4, x : x + 4]) > 0.9
        assert np.linalg.norm(filter_) == pytest.approx(0.7, rel=0.1)
    # They are told apart by noise.
    assert len(np.unique(starts_found[:, 5, 2, 2])) == 6


def test_filters_share_the_means_out_in_turn():
    means = np.zeros((2, 6, 6, 1))
    means[0, 1:3, 1:3], means[1, 4:, 3:5] = 1.0, -2.0
    found = starts.around(np.zeros((3, 5, 2, 2, 1)), means, spread=2.0)
    assert found.shape == (3, 5, 2, 2, 1)
    for number in range(5):
        assert np.allclose(found[:, number], [1.0, -1.0][number % 2])


def test_what_is_left_of_the_random_start_is_added():
    start = np.random.default_rng(0).normal(size=(2, 3, 2, 2, 1))
    mean = np.ones((1, 2, 2, 1))
    bare = starts.around(0 * start, mean, 1.0)
    assert np.allclose(starts.around(start, mean, 1.0, noise=0.3) - bare, 0.3 * start)


@pytest.mark.parametrize("seed", range(5))
def test_well_separated_clusters_are_found(seed):
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 1, (6, 3, 4, 2))
    member = rng.integers(6, size=900)
    inputs = (centres[member] + rng.normal(0, 0.05, (900, 3, 4, 2))).astype(np.float32)
    asked = []

    def batch(index):
        asked.append(index)
        return inputs[index]

    found = starts.clusters(batch, 900, 6, rng, most=600)
    assert found.shape == centres.shape
    distance = np.sqrt(((found[:, None] - centres) ** 2).sum((2, 3, 4)))
    # Each mean of about 100 spikes lies near one centre: sqrt(24 / 100) x 0.05 = 0.02 away.
    assert sorted(distance.argmin(1)) == list(range(6)) and distance.min(1).max() < 0.06
    index = np.concatenate(asked)
    assert len(set(index)) == len(index) == 600


def test_one_cluster_is_the_mean():
    inputs = np.random.default_rng(0).normal(size=(50, 2, 3, 4))
    found = starts.clusters(inputs.__getitem__, 50, 1, np.random.default_rng(1))
    assert np.allclose(found[0], inputs.mean(0))


def test_a_cell_with_two_triggers_starts_a_filter_at_each():
    movie = noise(20_000, side=4)
    bright = movie.frames() > 0
    # It fires once all four pixels of one of two corners are bright.
    corners = np.zeros((2, 4, 4), bool)
    corners[0, :2, :2] = corners[1, 2:, 2:] = True
    fires = [(bright[:, corner]).all(1) for corner in corners]
    responses = Responses(np.any(fires, 0)[None].astype(np.uint8), np.array([0]), 30.0)
    changes = {"lags": 2, "temporal_basis": 0, "filters": 2, "filter_size": "crop"}
    training = train(movie, responses, settings(start="clusters", **changes, **STILL), seed=0)
    newest = cosines(corners, training.network.weight[:, 0])
    assert np.sort(newest.max(1)).min() > 0.9 and set(newest.argmax(1)) == {0, 1}
    assert np.abs(training.network.weight[:, 1]).max() < 0.2
