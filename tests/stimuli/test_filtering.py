"""Filtering in time against SciPy's filter, pixel by pixel."""

import numpy as np
import pytest
from scipy.signal import lfilter

from finefield.stimuli.filtering import STEP, TimeFilter


@pytest.mark.parametrize("lags", [1, 2, 20, STEP + 5])
@pytest.mark.parametrize("n_frames", [1, STEP, 3 * STEP + 7])
def test_every_pixel_is_filtered_with_every_function(lags, n_frames):
    rng = np.random.default_rng(lags)
    functions, contrast = rng.normal(size=(3, lags)), rng.normal(size=(lags - 1 + n_frames, 4))
    found = TimeFilter(functions)(contrast)
    expected = [lfilter(one, 1, contrast, axis=0)[lags - 1 :] for one in functions]
    assert found.shape == (n_frames, 3, 4)
    np.testing.assert_allclose(found, np.stack(expected, 1), atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_result_has_the_precision_of_the_functions(dtype):
    assert TimeFilter(np.ones((1, 3), dtype))(np.ones((9, 2), dtype)).dtype == dtype


@pytest.mark.parametrize(("before", "missing"), [(0, 0), (3, 0), (6, 0), (6, 10)])
def test_what_lies_beyond_a_movie_is_grey(before, missing):
    """The first frames lack a history, and the last block lacks frames."""
    rng = np.random.default_rng(0)
    functions, mean, sd = rng.normal(size=(2, 7)), 0.25, 2.0
    movie = rng.normal(size=(before + 40 - missing, 3, 5)).astype(np.float32)
    found = TimeFilter(functions).normalised(movie, before, 40, mean, sd)
    padded = np.zeros((6 + 40, 15))
    padded[6 - before :][: len(movie)] = (movie.reshape(-1, 15) - mean) / sd
    expected = [lfilter(one, 1, padded, axis=0)[6:] for one in functions]
    np.testing.assert_allclose(found, np.stack(expected, 1), atol=1e-5)
