"""The LN model on data from a known LN cell."""

import numpy as np
import pytest

from finefield.averages.ln import fit_ln, linear_drive
from finefield.stimuli.movie import BinaryStimulus


@pytest.fixture(scope="module")
def cell():
    rng = np.random.default_rng(0)
    movie = BinaryStimulus.from_frames(rng.integers(0, 2, (60_000, 3, 3)))
    temporal, spatial = np.array([0.5, 1.0, -0.5]), rng.normal(size=(3, 3))
    return movie, temporal, spatial


def test_drive_is_the_sum_over_pixels_and_lags(cell):
    movie, temporal, spatial = cell
    frames = movie.frames()
    expected = sum(temporal[lag] * (frames[500 - lag] * spatial).sum() for lag in range(3))
    assert linear_drive(movie, temporal, spatial)[500] == pytest.approx(expected)


def test_the_nonlinearity_of_a_known_cell_comes_back(cell):
    movie, temporal, spatial = cell
    drive = linear_drive(movie, temporal, spatial)
    rate = 0.8 / (1 + np.exp(-drive / drive.std()))
    count = np.random.default_rng(1).poisson(rate)
    newest = np.arange(2, len(drive))
    model = fit_ln(movie, newest, count[2:], temporal, spatial, frame_rate=10.0)
    predicted = model.predict(movie, newest)
    assert predicted.mean() == pytest.approx(10 * rate.mean(), rel=0.02)
    assert np.corrcoef(predicted, rate[2:])[0, 1] > 0.99
