"""The first stage of the course: the width of the grid."""

import numpy as np
import pytest
import torch

from finefield.networks.positions.gaussians import images
from finefield.networks.positions.grid import best_grid
from finefield.networks.positions.sample import Sample

SIDE = 12
EVERYWHERE = np.ones((SIDE, SIDE), bool)


def sample_of(places, width, n, seed):
    """Poisson spikes of rectified Gaussians that see white noise."""
    rng = np.random.default_rng(seed)
    own = torch.tensor([[y, x, np.log(width), 0, 0] for y, x in places], dtype=torch.float32)
    seen = rng.normal(size=(n, SIDE * SIDE)).astype(np.float32)
    total = np.maximum(seen @ images(own, (SIDE, SIDE)).numpy().T, 0).sum(1)
    counts = rng.poisson(0.3 * np.logaddexp(0, 2 * (total - total.mean() - total.std())))
    return Sample(torch.from_numpy(seen[:, None]), torch.from_numpy(counts).float(), torch.ones(n))


@pytest.mark.parametrize("seed", range(6))
def test_one_broad_filter_is_not_many_narrow_ones(seed):
    sample = sample_of([(5.5, 5.5)], 3.0, 4000, seed)
    found = best_grid(np.ones((SIDE, SIDE)), EVERYWHERE, sample)
    assert found.parameters[0, 2].exp() > 2


@pytest.mark.parametrize("width", [0.8, 1.35, 2.3])
def test_the_grid_has_the_width_of_the_subunits(width):
    sample = sample_of([(3, 3), (3, 8), (8, 3), (8, 8)], width, 60_000, seed=1)
    found = best_grid(np.ones((SIDE, SIDE)), EVERYWHERE, sample)
    assert found.parameters[0, 2].exp() == pytest.approx(width)
