"""How well a prediction does: correlation, and the best that noisy responses allow."""

import numpy as np


def correlation(predicted: np.ndarray, measured: np.ndarray) -> float:
    """Pearson correlation of a predicted and a measured rate.

    Parameters
    ----------
    predicted, measured : ndarray, shape (frame,)
        Rates in the same frames.

    Returns
    -------
    float
        NaN if either is constant, has a value that is not finite, or has fewer than two frames.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> round(correlation(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 7.0])), 4)
    0.9934
    >>> correlation(np.zeros(3), np.arange(3.0))
    nan
    """
    predicted, measured = np.asarray(predicted, float), np.asarray(measured, float)
    if predicted.shape != measured.shape:
        raise ValueError(f"predicted has shape {predicted.shape}, measured {measured.shape}")
    if predicted.size < 2 or not np.isfinite([predicted, measured]).all():
        return float("nan")
    if np.ptp(predicted) == 0 or np.ptp(measured) == 0:
        return float("nan")
    return float(np.corrcoef(predicted, measured)[0, 1])


def repeat_reliability(spike_count: np.ndarray) -> float:
    """Correlation of the mean rates over odd and over even repeats of one sequence.

    Parameters
    ----------
    spike_count : ndarray, shape (trial, frame)
        Responses to repeats of one sequence.

    Returns
    -------
    float
        NaN for fewer than two trials or a constant mean.

    Examples
    --------
    >>> round(repeat_reliability(np.array([[0, 1, 2], [0, 1, 2], [0, 0, 3]])), 3)
    0.945
    """
    if len(spike_count) < 2:
        return float("nan")
    return correlation(spike_count[::2].mean(0), spike_count[1::2].mean(0))


def noise_ceiling(spike_count: np.ndarray) -> float:
    """Expected correlation of the mean over repeats with the cell's true mean rate.

    Parameters
    ----------
    spike_count : ndarray, shape (trial, frame)
        Responses to repeats of one sequence.

    Returns
    -------
    float
        sqrt(signal variance / variance of the measured mean), the signal variance being what is
        left of the latter without its noise; 0 if nothing is left, NaN for fewer than two trials
        or a constant mean.

    Notes
    -----
    Sahani & Linden 2003 (NIPS 15), signal power; Schoppe et al. 2016 (Front. Comput. Neurosci.
    10:10), normalised correlation.

    Examples
    --------
    >>> noise_ceiling(np.array([[0, 1, 2], [0, 1, 2]]))
    1.0
    """
    counts = np.asarray(spike_count, float)
    n_trials = len(counts)
    if n_trials < 2:
        return float("nan")
    total = counts.mean(0).var(ddof=1)
    if total == 0:
        return float("nan")
    noise = counts.var(0, ddof=1).mean() / n_trials
    return float(np.sqrt(max(0.0, total - noise) / total))


def single_correlation(predicted: np.ndarray, spike_count: np.ndarray) -> float:
    """Pearson correlation of a prediction with the counts of single trials.

    Parameters
    ----------
    predicted : ndarray, shape (frame,)
        Predicted rate.
    spike_count : ndarray, shape (trial, frame)
        Spikes, compared trial by trial with the same prediction.

    Returns
    -------
    float
        NaN as of `correlation`. The noise of single trials keeps it below 1 for any prediction.

    Examples
    --------
    >>> rate = np.array([1.0, 2.0, 3.0])
    >>> round(single_correlation(rate, np.array([[0, 2, 4], [2, 2, 2]])), 3)
    0.707
    """
    counts = np.asarray(spike_count, float)
    return correlation(np.tile(predicted, len(counts)), counts.ravel())


def bits_per_spike(predicted: np.ndarray, spike_count: np.ndarray) -> float:
    """Poisson log likelihood of counts, above that of a constant rate, for each spike.

    Parameters
    ----------
    predicted : ndarray, shape (frame,)
        Predicted spikes in each frame. Less than one spike in all frames together counts as one,
        since a spike where none is possible would cost without limit.
    spike_count : ndarray, shape (trial, frame)
        Spikes.

    Returns
    -------
    float
        Bits; 0 for the mean of the counts, negative for what is worse. NaN without a spike.

    Notes
    -----
    Williamson, Sahani and Pillow 2015 (PLoS Comput. Biol. 11:e1004141), single-spike information.
    The constant rate is the mean of the same counts.

    Examples
    --------
    >>> bits_per_spike(np.array([0.5, 0.5]), np.array([[0, 1]]))
    0.0
    >>> round(bits_per_spike(np.array([0.5, 1.5]), np.array([[0, 1], [0, 1]])), 3)
    0.142
    """
    counts = np.asarray(spike_count, float)
    total, mean = counts.sum(), counts.mean(0)
    if total == 0:
        return float("nan")
    rate = np.maximum(predicted, 1 / mean.size)
    gain = mean @ np.log2(rate / mean.mean()) - (rate.sum() - mean.sum()) / np.log(2)
    return float(gain / mean.sum())
