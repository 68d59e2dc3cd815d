"""Where filters start: random ones of a known SD."""

import numpy as np
import pytest

from finefield.networks.training import starts


@pytest.mark.parametrize("size, channels", [((9, 9), 4), ((1, 1), 20), ((3, 7), 1)])
@pytest.mark.parametrize("spread", [0.1, 1.0, 3.0])
def test_random_filters_put_out_the_spread_that_was_asked_for(size, channels, spread):
    rng = np.random.default_rng(0)
    filters = starts.random(3, 400, size, channels, spread, rng)
    assert filters.shape == (3, 400, *size, channels)
    inputs = rng.choice([-1.0, 1.0], (400, *size, channels))
    output = np.einsum("nyxc,sfyxc->snf", inputs, filters)
    for one in output:
        assert one.std() == pytest.approx(spread, rel=0.08)
    assert np.abs(np.corrcoef(filters[:, :, 0, 0, 0])[np.triu_indices(3, 1)]).max() < 0.2
