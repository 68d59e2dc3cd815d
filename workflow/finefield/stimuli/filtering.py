"""Filtering a movie in time."""

import numpy as np


def band(basis: np.ndarray, step: int) -> np.ndarray:
    """Matrix that filters a run of frames with each temporal function in one product.

    Parameters
    ----------
    basis : ndarray, shape (function, lag)
        Temporal functions, lag 0 first.
    step : int
        Frames that are filtered at once.

    Returns
    -------
    ndarray, shape (step + lag - 1, step, function)
        In the basis' precision: frames of a run, which begins with the history of its first new
        frame, to what each function sees at each new frame.

    Examples
    --------
    >>> band(np.array([[1.0, 0.5]]), step=2)[:, :, 0].tolist()
    [[0.5, 0.0], [1.0, 0.5], [0.0, 1.0]]
    """
    n_functions, lags = basis.shape
    matrix = np.zeros((step + lags - 1, step, n_functions), basis.dtype)
    for frame in range(step):
        matrix[frame : frame + lags, frame] = basis.T[::-1]
    return matrix
