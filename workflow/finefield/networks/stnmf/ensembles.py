"""What STNMF factorises: the effective spike-triggered ensemble."""

import numpy as np

from finefield.averages.separation import separate
from finefield.averages.sta import spike_triggered_average
from finefield.stimuli.movie import Stimulus

#: Most spikes that STNMF is given; its time and memory grow with their number.
MAX_SPIKES = 30_000


def time_course(stimulus: Stimulus, newest: np.ndarray, count: np.ndarray, lags: int) -> np.ndarray:
    """Temporal part of the spike-triggered average, of unit norm, float64 (lag,) [1].

    Parameters
    ----------
    stimulus, newest, count, lags
        As for `sta.spike_triggered_average`, with the same errors.
    """
    sta = spike_triggered_average(stimulus, newest, count, lags) - stimulus.mean_and_sd()[0]
    temporal = separate(sta)[0]
    return temporal / np.linalg.norm(temporal)


def ensemble(
    stimulus: Stimulus,
    newest: np.ndarray,
    count: np.ndarray,
    temporal: np.ndarray,
    max_spikes: int = MAX_SPIKES,
) -> np.ndarray:
    """Effective spike-triggered ensemble: what a cell saw before its spikes, filtered in time.

    Liu et al. 2017 (Nat. Commun. 8:149). The movie is read in blocks and never held whole.

    Parameters
    ----------
    stimulus : Stimulus
        The movie.
    newest : ndarray of int, shape (sample,)
        Newest stimulus frame (lag 0) of each sample, at least as many as there are lags.
    count : ndarray, shape (sample,)
        Spikes; a sample with two of them comes twice.
    temporal : ndarray, shape (lag,)
        Temporal filter, as from `time_course` [1].
    max_spikes : int
        Of more spikes, so many are used, spread evenly.

    Returns
    -------
    ndarray of float32, shape (y, x, spike)
        Contrast in units of its SD, filtered [1].

    Examples
    --------
    >>> from finefield.stimuli.movie import BinaryStimulus
    >>> movie = BinaryStimulus.from_frames(np.array([[[0]], [[1]], [[1]], [[0]]]))
    >>> ensemble(movie, np.array([1, 3]), np.array([2, 1]), np.array([1.0, 0.5]))
    array([[[ 0.5,  0.5, -0.5]]], dtype=float32)
    """
    spikes = np.repeat(newest, np.asarray(count, int))
    if len(spikes) > max_spikes:
        spikes = spikes[np.linspace(0, len(spikes) - 1, max_spikes).round().astype(int)]
    mean, sd = map(np.float32, stimulus.mean_and_sd())
    history, size = len(temporal) - 1, 4096
    filtered = np.empty((*stimulus.shape[1:], len(spikes)), np.float32)
    for start, frames in stimulus.blocks(history, size):
        (chosen,) = np.nonzero((spikes >= start) & (spikes < start + size))
        contrast = (frames - mean) / sd
        last = spikes[chosen] - max(0, start - history)
        parts = enumerate(temporal.astype(np.float32))
        seen = sum(part * contrast[last - lag] for lag, part in parts)
        filtered[:, :, chosen] = np.moveaxis(seen, 0, -1)
    return filtered
