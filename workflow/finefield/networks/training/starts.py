"""Where the filters of a network that is trained by steps start from."""

import math

import numpy as np


def random(
    n_seeds: int, n_filters: int, size: tuple[int, int], channels: int, spread: float, rng
) -> np.ndarray:
    """Filters of independent Gaussian weights.

    Parameters
    ----------
    n_seeds, n_filters, channels : int
        Starts, filters in each, channels of a filter.
    size : (int, int)
        Rows and columns of a filter [pixels].
    spread : float
        SD of a filter's output for inputs of unit variance.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of float64, shape (seed, filter, y, x, channel)
    """
    shape = n_seeds, n_filters, *size, channels
    return rng.normal(0, spread / math.sqrt(math.prod(size) * channels), shape)
