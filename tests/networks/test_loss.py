"""The Poisson loss against SciPy's distribution, on arrays and on tensors."""

import numpy as np
import pytest
import torch
from scipy.stats import poisson

from finefield.networks.loss import poisson_loss

RATES, COUNTS = np.array([0.01, 0.5, 3.0, 3.0]), np.array([0, 2, 1, 7])


def test_differences_are_those_of_the_log_likelihood():
    """The term that is left out depends on the counts alone."""
    one, other = poisson_loss(RATES, COUNTS), poisson_loss(2 * RATES, COUNTS)
    expected = poisson.logpmf(COUNTS, RATES) - poisson.logpmf(COUNTS, 2 * RATES)
    np.testing.assert_allclose(other - one, expected)


def test_tensors_give_what_arrays_give():
    found = poisson_loss(torch.tensor(RATES), torch.tensor(COUNTS))
    np.testing.assert_allclose(found.numpy(), poisson_loss(RATES, COUNTS))


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_a_rate_of_zero_costs_much_at_a_spike_but_not_infinity(kind):
    silent, spike = poisson_loss(kind([0.0, 0.0]), kind([0.0, 1.0]))
    assert silent == 0 and 80 < spike < 100
