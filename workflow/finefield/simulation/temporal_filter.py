"""Temporal filters of simulated cells."""

import math

import numpy as np


def difference_of_gammas(
    lags: int,
    frame_rate: float,
    time_constant: float = 0.05,
    orders: tuple[int, int] = (4, 5),
    delay: int = 2,
    shift: float = 0.0,
    further: int = 0,
) -> np.ndarray:
    """Biphasic temporal filter of a bipolar cell.

    Parameters
    ----------
    lags : int
        Number of frames.
    frame_rate : float
        Frames per second [Hz].
    time_constant : float
        Time constant of both gammas [s].
    orders : (int, int)
        Orders of the leading and the subtracted gamma.
    delay : int
        Frames before the filter sets in.
    shift : float
        Time after a frame's onset at which the newest frame is weighted; before it, if negative,
        as for a later response [ms].
    further : int
        Frames by which the filter is longer than `lags`, for a later response.

    Returns
    -------
    ndarray of float64, shape (lags + further,)
        Lag 0 is the newest frame; unit norm without a shift [1]. Its first lobe is positive, as for
        an ON cell.

    Notes
    -----
    Yan et al. 2020, simulated cell: G(t; n) = (t / tau)^(n - 1) exp(-t / tau) / (tau (n - 1)!).

    Examples
    --------
    >>> g = difference_of_gammas(20, 30.0)
    >>> g[:3].tolist(), round(float(np.linalg.norm(g)), 6)
    ([0.0, 0.0, 0.0], 1.0)
    """

    def weights(n_frames: int, first: float) -> np.ndarray:
        frames = np.arange(n_frames) - delay
        t = np.maximum(first + frames / frame_rate, 0) / time_constant
        leading, subtracted = (
            t ** (order - 1) * np.exp(-t) / math.factorial(order - 1) for order in orders
        )
        return leading - subtracted

    return weights(lags + further, shift / 1000) / np.linalg.norm(weights(lags, 0.0))
