"""Correlation and noise ceiling against scipy and against simulated truth."""

import numpy as np
import pytest
from scipy.stats import pearsonr

from finefield.responses.scores import correlation, noise_ceiling


def test_correlation_is_pearsons():
    a, b = np.random.default_rng(0).normal(size=(2, 50))
    assert correlation(a, b) == pytest.approx(pearsonr(a, b)[0])


@pytest.mark.parametrize(
    "predicted",
    [np.zeros(5), np.full(5, 1e-3), np.array([1.0, 2, np.nan, 4, 5]), np.arange(5) * np.inf],
)
def test_what_has_no_correlation_is_nan(predicted):
    assert np.isnan(correlation(predicted, np.arange(5.0)))


def test_correlation_of_different_lengths_is_an_error():
    with pytest.raises(ValueError, match="shape"):
        correlation(np.zeros(3), np.zeros(4))


@pytest.mark.parametrize("n_trials", [5, 20, 200])
def test_noise_ceiling_is_the_mean_correlation_with_the_truth(n_trials):
    rng = np.random.default_rng(n_trials)
    rate = rng.gamma(0.5, 0.4, 400)
    pairs = []
    for _ in range(60):
        counts = rng.poisson(rate, (n_trials, 400))
        pairs.append((noise_ceiling(counts), np.corrcoef(counts.mean(0), rate)[0, 1]))
    ceiling, truth = np.mean(pairs, axis=0)
    assert ceiling == pytest.approx(truth, abs=0.01)


def test_noise_ceiling_of_one_trial_or_of_silence_is_nan():
    assert np.isnan(noise_ceiling(np.ones((1, 10))))
    assert np.isnan(noise_ceiling(np.zeros((10, 10))))
