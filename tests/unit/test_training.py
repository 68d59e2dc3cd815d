"""Training on small data: it learns, it is reproducible, and it says what it cannot do."""

import numpy as np
import pytest
from test_simulation import YAN2020, noise

from finefield.config import complete
from finefield.errors import UserError
from finefield.filters import describe_filters, placements
from finefield.matching import match
from finefield.responses import Responses
from finefield.simulation import build_cell, simulate_responses
from finefield.training import train

CONFIG = {"datasets": {"d": {"kind": "recorded", "recording": "none.mat"}}}


def settings(**changes):
    return complete(CONFIG | {"models": {"m": changes}})["models"]["m"]


@pytest.fixture(scope="module")
def toy():
    cell = build_cell(
        YAN2020 | {"output": {"threshold": 1.0, "gain": 4}, "spikes": "poisson"}, 30.0
    )
    movie = noise(40_000)
    _, spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0))
    return cell, movie, Responses(spikes, np.array([0]), 30.0)


def test_training_finds_the_subunits_of_a_busy_cell(toy):
    cell, movie, responses = toy
    training = train(movie, responses, settings(steps=1500), seed=0)
    found = describe_filters(training.network, 0.25, 0.02)
    _, images = placements(training.network, found, 0.02)
    assert match(cell.subunits, images)[1].min() > 0.95
    assert training.validation_loss[-1] < training.validation_loss[0]


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
    assert training.best_step == training.step[late][training.validation_loss[late].argmin()]


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


def test_a_cell_without_spikes_cannot_be_trained(toy):
    _, movie, responses = toy
    silent = Responses(0 * responses.spike_count, np.array([0]), 30.0)
    with pytest.raises(UserError, match="no spike"):
        train(movie, silent, settings(steps=10), seed=0)


def test_training_that_diverges_says_so(toy):
    _, movie, responses = toy
    with pytest.raises(UserError, match="learning_rate"):
        train(movie, responses, settings(steps=100, check_every=10, conv_noise=3e38), seed=0)
