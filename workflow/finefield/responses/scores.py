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
