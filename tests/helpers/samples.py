"""Samples of cells of rectified filters that see Gaussian noise."""

import numpy as np
import torch

from finefield.networks.positions.gaussians import images
from finefield.networks.positions.sample import Sample


def sample_of(filters, weights, n=20_000, seed=0, exponent=1.0, courses=None, n_functions=1):
    """Poisson spikes of rectified filters (filter, pixel) that see Gaussian noise."""
    rng = np.random.default_rng(seed)
    seen = rng.normal(size=(n, n_functions, filters.shape[1])).astype(np.float32)
    courses = np.eye(n_functions)[:1].repeat(len(filters), 0) if courses is None else courses
    drive = np.einsum("ntp,fp,ft->nf", seen, filters, courses)
    total = (np.maximum(drive, 0) ** exponent) @ weights
    rate = 0.3 * np.logaddexp(0, 2 * (total - total.mean() - total.std()))
    counts = rng.poisson(rate).astype(np.float32)
    return Sample(torch.from_numpy(seen), torch.from_numpy(counts), torch.ones(n))


def gaussians(places, width=1.0, side=8):
    """Gaussians (filter, pixel) of unit norm on a square crop."""
    own = [[y, x, np.log(width), 0, 0] for y, x in places]
    return images(torch.tensor(own, dtype=torch.float32), (side, side))
