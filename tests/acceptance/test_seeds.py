"""The paper's cell from ten seeds, with default settings: its subunits, and few spikes."""

import numpy as np
import pytest

from finefield.config import complete, load
from finefield.filters import describe_filters, placements
from finefield.matching import match
from finefield.noise import binary_noise
from finefield.responses import Responses
from finefield.rng import generator
from finefield.simulation import build_cell, simulate_responses
from finefield.training import train

ANY = {"datasets": {"d": {"kind": "recorded", "recording": "none.mat"}}}


@pytest.mark.slow
@pytest.mark.parametrize(("frames", "cosine", "least"), [(1_000_000, 0.99, 10), (300_000, 0.98, 9)])
def test_the_papers_cell_is_found_from_nearly_every_seed(frames, cosine, least):
    definition = load("config/config.yaml")["datasets"]["simulated"]["cells"]["yan2020"]
    cell, settings = build_cell(definition, 30), complete(ANY)["models"]["finefield"]
    worst = []
    for seed in range(10):  # fresh noise, spikes and weights
        movie = binary_noise(generator(seed, "noise"), frames, 8, 8, -0.5, 0.5)
        _, spikes = simulate_responses(cell, movie, 1, 30, generator(seed, "spikes"))
        network = train(movie, Responses(spikes, np.array([0]), 30), settings, seed).network
        found = describe_filters(network, 0.25, 0.02)
        worst.append(match(cell.subunits, placements(network, found, 0.02)[1])[1].min())
    assert sum(one >= cosine for one in worst) >= least, np.round(worst, 3)
