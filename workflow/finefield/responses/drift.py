"""Slow drift of a recorded cell's rate, as one gain for each block of trials."""

import numpy as np


def block_gain(
    count: np.ndarray,
    trial: np.ndarray,
    known: np.ndarray,
    block: int,
    prior_spikes: float = 20,
    lengths: np.ndarray | None = None,
) -> np.ndarray:
    """Gain of each trial, from the spikes of its block of trials.

    Parameters
    ----------
    count : ndarray, shape (sample,)
        Spikes.
    trial : ndarray of int, shape (sample,)
        Trial of each sample, from 0.
    known : ndarray of bool, shape (sample,)
        Samples that may be used, the training ones.
    block : int
        Trials in a block; 0 for a gain of 1 throughout.
    prior_spikes : float
        Strength of the pull towards 1: as of a block with so many spikes at the mean rate.
    lengths : ndarray of int, shape (trial,), optional
        Frames of each trial, if they differ: a block is then as long as so many of the longest.

    Returns
    -------
    ndarray of float64, shape (trial,)
        Gain, around 1.

    Notes
    -----
    The mean of a Gamma posterior for the factor on a Poisson rate. Blocks of white noise expect
    equal numbers of spikes, so that a block's rate over the mean rate is its gain.

    Examples
    --------
    >>> count, trial = np.array([300.0, 100.0]), np.array([0, 1])
    >>> block_gain(count, trial, np.array([True, True]), block=1, prior_spikes=0).tolist()
    [1.5, 0.5]
    """
    n_trials = int(trial.max()) + 1
    if block == 0:
        return np.ones(n_trials)
    # Gaps cut trials into pieces, and ten pieces may last seconds.
    lengths = np.ones(n_trials, int) if lengths is None else np.asarray(lengths)[:n_trials]
    block_of = (lengths.cumsum() - lengths) // (block * lengths.max())
    found = np.bincount(block_of[trial[known]], count[known], block_of[-1] + 1)
    frames = np.bincount(block_of[trial[known]], minlength=block_of[-1] + 1)
    expected = frames * (count[known].sum() / known.sum())
    return ((found + prior_spikes) / (expected + prior_spikes))[block_of]
