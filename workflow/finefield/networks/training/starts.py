"""Where the filters of a network start from: random weights, or the spikes themselves."""

import math
from collections.abc import Callable

import numpy as np
from scipy.cluster.vq import kmeans2


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


def around(start: np.ndarray, means: np.ndarray, spread: float, noise: float = 0.1) -> np.ndarray:
    """Filters around mean inputs before spikes, with part of their random start as noise.

    Parameters
    ----------
    start : ndarray, shape (seed, filter, y, x, channel)
        Random filters, as from `random`.
    means : ndarray, shape (mean, crop y, crop x, channel)
        Mean inputs before spikes: one for the spike-triggered average, several for clusters.
        Filter ``i`` starts from mean ``i`` modulo their number.
    spread : float
        Norm of the part of a mean that a filter gets, as of the random filters.
    noise : float
        What is left of the random filters, to tell filters apart that start from one mean.

    Returns
    -------
    ndarray of float64, shape (seed, filter, y, x, channel)
        The window of each mean, of the filters' size, that holds most of its energy.
    """
    n_filters, height, width = start.shape[1:4]
    windows = []
    for mean in means:
        energy = (mean**2).sum(-1)
        views = np.lib.stride_tricks.sliding_window_view(energy, (height, width))
        y, x = np.unravel_index(views.sum((2, 3)).argmax(), views.shape[:2])
        window = mean[y : y + height, x : x + width]
        windows.append(spread * window / np.linalg.norm(window))
    return noise * start + np.stack([windows[i % len(windows)] for i in range(n_filters)])


def clusters(
    batch: Callable[[np.ndarray], np.ndarray],
    n_samples: int,
    n_clusters: int,
    rng,
    most: int = 4000,
) -> np.ndarray:
    """Mean inputs of clusters of spikes, by k-means.

    Parameters
    ----------
    batch : callable
        Inputs (sample, y, x, channel) of the samples of an index.
    n_samples : int
        Samples with spikes.
    n_clusters : int
        Clusters.
    rng : numpy.random.Generator
        Source of the choice of spikes and of the first centres.
    most : int
        Use at most so many spikes.

    Returns
    -------
    ndarray of float64, shape (cluster, y, x, channel)

    Notes
    -----
    After Shah et al. 2020 (eLife 9:e45743), who cluster the spike-triggered stimuli for subunits.
    """
    chosen = np.sort(rng.permutation(n_samples)[:most])
    inputs = batch(chosen)
    flat = inputs.reshape(len(inputs), -1).astype(float)
    means, _ = kmeans2(flat, n_clusters, minit="++", rng=rng, missing="warn")
    return means.reshape(n_clusters, *inputs.shape[1:])
