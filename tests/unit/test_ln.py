"""The LN model on data from a known LN cell."""

import numpy as np
import pytest

from finefield.ln import fit_ln, linear_drive
from finefield.stimulus import BinaryStimulus


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
    count = np.random.default_rng(1).poisson(np.exp(0.3 * drive - 1))
    newest = np.arange(2, len(drive))
    model = fit_ln(movie, newest, count[2:], temporal, spatial, frame_rate=10.0)
    inside = np.quantile(drive, [0.1, 0.5, 0.9])
    expected = 10 * np.exp(0.3 * inside - 1)
    assert np.interp(inside, model.drive, model.rate) == pytest.approx(expected, rel=0.1)
    predicted = model.predict(movie, newest)
    assert np.corrcoef(predicted, np.exp(0.3 * drive[2:]))[0, 1] > 0.99
