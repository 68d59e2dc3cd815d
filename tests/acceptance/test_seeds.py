"""The paper's cell and a cell that sees nothing, each from many seeds, with default settings."""

import numpy as np
import pytest

from finefield.base.rng import generator
from finefield.config.reading import load
from finefield.networks.known import Known
from finefield.networks.settings import NetworkSettings
from finefield.networks.training.train import train
from finefield.responses.responses import Responses
from finefield.responses.scores import correlation
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import firing_rate, simulate_responses
from finefield.stimuli.noise import binary_noise
from finefield.subunits.finding import found_subunits
from finefield.subunits.matching import match
from finefield.subunits.pruning import Refit
from finefield.subunits.settings import FilterSettings

SETTINGS = NetworkSettings()


def fit(movie, spikes, seed):
    """A trained network, what it was trained on, its filters and its subunits."""
    responses = Responses(spikes, np.array([0]), 30)
    training = train(movie, responses, SETTINGS, seed)
    known = Known.of(movie, responses, training.gain, SETTINGS)
    judged = FilterSettings().of_network(SETTINGS), generator(seed, "filters")
    filters, _, subunits = found_subunits(training.network, known, *judged)
    return training.network, known, filters, subunits


@pytest.mark.slow
@pytest.mark.parametrize(("frames", "cosine", "least"), [(1_000_000, 0.99, 10), (300_000, 0.98, 9)])
def test_the_papers_cell_is_found_from_nearly_every_seed(frames, cosine, least):
    """Four effective filters, one for each subunit; without the others the network is as good."""
    definition = load("config/config.yaml").datasets["simulated"].cells["yan2020"]
    cell, good, worst = build_cell(definition, 30), 0, []
    for seed in range(10):  # fresh noise, spikes and weights
        movie = binary_noise(generator(seed, "noise"), frames, 8, 8, -0.5, 0.5)
        spikes = simulate_responses(cell, movie, 1, 30, generator(seed, "spikes")).spike_count
        network, known, filters, subunits = fit(movie, spikes, seed)
        frozen = binary_noise(generator(seed, "frozen"), 1500, 8, 8, -0.5, 0.5)
        rate = firing_rate(cell, frozen)
        pruned = Refit.of(network, known).network(network, filters.effective)
        newest = np.arange(20, 1500)
        before, after = (
            correlation(one.predict(frozen, newest), rate[newest]) for one in (network, pruned)
        )
        worst.append(match(cell.subunits, subunits.image)[1].min())
        four = filters.effective.sum() == len(subunits.image) == 4
        good += bool(four and worst[-1] >= cosine and after >= 0.99 * before)
    assert good >= least, np.round(worst, 3)


@pytest.mark.slow
def test_a_cell_that_sees_nothing_has_no_subunits():
    """Spikes independent of the stimulus; benchmarks/subunits.yaml has 20 such cells."""
    found = []
    for seed in range(5):
        movie = binary_noise(generator(seed, "noise"), 100_000, 8, 8, -0.5, 0.5)
        spikes = generator(seed, "spikes").random((1, 100_000)) < 0.03
        found.append(int(fit(movie, spikes.astype(np.uint8), seed)[2].effective.sum()))
    assert found == [0] * 5
