"""STNMF itself, in its own environment."""

import numpy as np
import pytest
from helpers.cells import YAN2020, noise
from helpers.stnmf import PYTHON, needs_stnmf, settings, unit

from finefield.networks.stnmf.ensembles import ensemble, time_course
from finefield.networks.stnmf.fitting import train_stnmf
from finefield.networks.stnmf.running import localised_modules
from finefield.responses.responses import Responses
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import firing_rate, simulate_responses
from finefield.subunits.matching import match


@needs_stnmf
@pytest.mark.slow
def test_stnmf_finds_the_subunits_of_the_simulated_cell():
    cell, movie = build_cell(YAN2020, 30.0), noise(200_000)
    spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0)).spike_count
    assert 1500 < spikes.sum() < 4000
    responses = Responses(spikes, np.array([0]), 30.0)
    training = train_stnmf(movie, responses, settings(sparsity=[0, 0.5, 1]), 0, PYTHON)
    assert training.selected > 0
    images = training.network.weight[:, np.abs(training.network.weight).sum((0, 2, 3)).argmax()]
    used = images[training.network.readout[:, 0, 0] > 0]
    found = match(cell.subunits, unit(used * np.sign(used.sum((1, 2), keepdims=True))))[1]
    assert (found >= 0.9).sum() == 4
    newest = np.arange(19, movie.n_frames)
    rate = firing_rate(cell, movie)
    predicted = training.network.predict(movie, newest)
    assert np.corrcoef(predicted, rate[19:])[0, 1] > 0.9


@needs_stnmf
def test_stnmf_gives_the_same_modules_each_time(toy):
    cell, movie, responses = toy
    newest, count = responses.samples(20)
    temporal = time_course(movie, newest, count, 20)
    filtered = ensemble(movie, newest, count, temporal, max_spikes=2000)
    one, same, other = (
        localised_modules(filtered, 20, [1], PYTHON, seed)[0].images for seed in (1, 1, 2)
    )
    assert len(one) >= 4 and np.linalg.norm(one, axis=(1, 2)) == pytest.approx(1)
    # The default start draws no random numbers.
    assert np.array_equal(one, same) and np.array_equal(one, other)
    assert match(cell.subunits, one)[1].min() > 0.8


@needs_stnmf
def test_stnmf_takes_as_many_modules_as_there_are_spikes_for():
    rng = np.random.default_rng(0)
    for n_spikes in (2, 5):
        filtered = rng.normal(size=(8, 8, n_spikes)).astype(np.float32)
        localised_modules(filtered, 2 * (n_spikes - 1), [0.5], PYTHON)
