"""The first stage of the course: the width of the grid."""

import numpy as np
import pytest
from tests.helpers.samples import gaussians, sample_of

from finefield.networks.positions.grid import best_grid

SIDE = 12
EVERYWHERE = np.ones((SIDE, SIDE), bool)


@pytest.mark.parametrize("seed", range(6))
def test_one_broad_filter_is_not_many_narrow_ones(seed):
    sample = sample_of(gaussians([(5.5, 5.5)], 3.0, SIDE), np.ones(1), 4000, seed)
    found = best_grid(np.ones((SIDE, SIDE)), EVERYWHERE, sample)
    assert found.parameters[0, 2].exp() > 2


@pytest.mark.parametrize("width", [0.8, 1.35, 2.3])
def test_the_grid_has_the_width_of_the_subunits(width):
    four = gaussians([(3, 3), (3, 8), (8, 3), (8, 8)], width, SIDE)
    sample = sample_of(four, np.ones(4), 60_000, seed=1)
    found = best_grid(np.ones((SIDE, SIDE)), EVERYWHERE, sample)
    assert found.parameters[0, 2].exp() == pytest.approx(width)
