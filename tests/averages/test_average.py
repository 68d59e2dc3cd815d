"""All that is averaged over one cell's spikes, of an LN cell that is known."""

import numpy as np
import pytest

from finefield.averages.average import fit_average
from finefield.averages.ln import linear_drive
from finefield.responses.responses import Responses
from finefield.responses.testing import CellTest
from finefield.stimuli.noise import binary_noise

LAGS, RATE = 6, 30.0
TEMPORAL = np.array([0.1, 0.8, 0.4, -0.3, -0.2, 0.0])
SPATIAL = np.array([[0.0, 0.3, 0.0], [0.3, 0.8, 0.3], [0.0, 0.3, 0.0]])


def rate(movie):
    """Expected spikes per frame of the LN cell."""
    return 0.3 * np.logaddexp(0, 2 * linear_drive(movie, TEMPORAL, SPATIAL))


@pytest.fixture(scope="module")
def cell():
    """Its movie, responses, frozen test and true mean rate there [Hz]."""
    rng = np.random.default_rng(0)
    movie, frozen = (binary_noise(rng, n, 3, 3) for n in (40_000, 400))
    responses = Responses(rng.poisson(rate(movie))[None], np.zeros(1, int), RATE)
    repeats = Responses(rng.poisson(rate(frozen), (30, 400)), np.zeros(30, int), RATE)
    return movie, responses, CellTest.of(frozen, repeats, LAGS), RATE * rate(frozen)


@pytest.fixture(scope="module")
def average(cell):
    movie, responses, test, _ = cell
    return fit_average(movie, responses, test, LAGS, 0, np.random.default_rng(1))


def cosine(one, other):
    return (one * other).sum() / np.linalg.norm(one) / np.linalg.norm(other)


def test_the_cells_filter_is_found(average):
    assert average.sta.shape == (LAGS, 3, 3)
    assert cosine(average.ln.temporal, TEMPORAL) > 0.99
    assert cosine(average.ln.spatial, SPATIAL) > 0.99


def test_the_prediction_is_that_of_the_frozen_sequence(average, cell):
    _, _, test, true = cell
    assert test.frame.tolist() == list(range(LAGS - 1, 400))
    scores = average.scores
    assert np.corrcoef(scores.predicted, true[test.frame])[0, 1] > 0.98
    assert scores.correlation == pytest.approx(np.corrcoef(scores.predicted, test.measured)[0, 1])
    # The ceiling is the true rate's own correlation with the measured mean.
    ceiling = np.corrcoef(true[test.frame], test.measured)[0, 1]
    assert test.noise_ceiling == pytest.approx(ceiling, abs=0.03)


def test_a_covariance_is_there_if_it_is_asked_for(average, cell):
    movie, responses, test, _ = cell
    assert average.covariance is None
    found = fit_average(movie, responses, test, LAGS, 5, np.random.default_rng(1)).covariance
    beyond = found.eigenvalue[found.beyond]
    assert len(found.eigenvalue) == 8  # nine pixels without the average's direction
    assert ((beyond > found.null_high) | (beyond < found.null_low)).all()
    assert len(beyond) == found.n_excitatory + found.n_suppressive
