"""Filters over space and time as a time course times a spatial profile."""

import numpy as np


def separate(sta: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Best product of a temporal and a spatial part, by singular value decomposition.

    Parameters
    ----------
    sta : ndarray, shape (lag, y, x)
        Spike-triggered average, or any filter in space and time [1].

    Returns
    -------
    temporal : ndarray of float64, shape (lag,)
        Temporal part, with the scale and the polarity: an ON cell's first lobe is positive [1].
    spatial : ndarray of float64, shape (y, x)
        Spatial part of unit norm; its value of largest magnitude is positive [1].
    explained : float
        Part of the energy in ``temporal[:, None, None] * spatial``; NaN if `sta` is all zero.

    Notes
    -----
    The truncated decomposition is the best approximation of rank one (Eckart and Young 1936).

    Examples
    --------
    >>> temporal, spatial, explained = separate(np.array([[[0.0, 3.0]], [[0.0, -4.0]]]))
    >>> temporal.tolist(), spatial.tolist(), round(explained, 6)
    ([3.0, -4.0], [[0.0, 1.0]], 1.0)
    """
    matrix = np.asarray(sta, np.float64).reshape(len(sta), -1)
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    peak = right[0, np.argmax(np.abs(right[0]))]
    sign = -1.0 if peak < 0 else 1.0
    energy = float(np.sum(values**2))
    explained = float(values[0] ** 2) / energy if energy > 0 else float("nan")
    return sign * values[0] * left[:, 0], sign * right[0].reshape(sta.shape[1:]), explained
