"""Temporal filters of simulated cells, and temporal bases for networks."""

import math

import numpy as np

#: Variance added to each lag of a correlated stimulus, in units of its own.
RIDGE = 0.01


def difference_of_gammas(
    lags: int,
    frame_rate: float,
    time_constant: float = 0.05,
    orders: tuple[int, int] = (4, 5),
    delay: int = 2,
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

    Returns
    -------
    ndarray of float64, shape (lag,)
        Lag 0 is the newest frame; unit norm [1]. Its first lobe is positive, as for an ON cell.

    Notes
    -----
    Yan et al. 2020, simulated cell: G(t; n) = (t / tau)^(n - 1) exp(-t / tau) / (tau (n - 1)!).

    Examples
    --------
    >>> g = difference_of_gammas(20, 30.0)
    >>> g[:3].tolist(), round(float(np.linalg.norm(g)), 6)
    ([0.0, 0.0, 0.0], 1.0)
    """
    t = np.maximum((np.arange(lags) - delay) / frame_rate, 0) / time_constant

    def gamma(order: int) -> np.ndarray:
        return t ** (order - 1) * np.exp(-t) / math.factorial(order - 1)

    g = gamma(orders[0]) - gamma(orders[1])
    return g / np.linalg.norm(g)


def orthonormal_basis(
    leading: np.ndarray, n_functions: int, covariance: np.ndarray | None = None
) -> np.ndarray:
    """Temporal basis that begins with a given profile and covers recent lags finely.

    Parameters
    ----------
    leading : ndarray, shape (lag,)
        First function, such as the temporal part of the spike-triggered average.
    n_functions : int
        Number of functions, at least 1 and at most the number of lags.
    covariance : ndarray, shape (lag, lag), optional
        Covariance of a stimulus that is not white, in units of its variance. What the stimulus
        gives through two functions is then uncorrelated and of variance 1, as for white noise; else
        smooth functions would give more, and penalties on their weights would favour them.

    Returns
    -------
    ndarray of float32, shape (function, lag)
        Rows, orthonormal in the metric of the covariance: the leading profile, then Gaussian bumps
        whose centres and widths grow with the lag, each made orthogonal to those before it.

    Raises
    ------
    ValueError
        If there are more functions than lags, or the leading profile is zero.

    Examples
    --------
    >>> basis = orthonormal_basis(difference_of_gammas(20, 30.0), 4)
    >>> np.allclose(basis @ basis.T, np.eye(4), atol=1e-6)
    True
    """
    lags = len(leading)
    if n_functions > lags or not np.any(leading):
        raise ValueError(
            f"{n_functions} functions from a leading profile of {lags} lags: {leading}"
        )
    position = np.linspace(0, 1, n_functions + 1)[1:]
    centres = (lags - 1) * position**1.5 * 0.8
    widths = np.maximum(1.0, centres / 4)
    bumps = np.exp(-0.5 * ((np.arange(lags) - centres[:, None]) / widths[:, None]) ** 2)
    functions = np.vstack([leading, bumps[: n_functions - 1]]).T
    root = np.eye(lags)
    if covariance is not None:
        root = np.linalg.cholesky(covariance + RIDGE * np.eye(lags)).T
    orthogonal, triangle = np.linalg.qr(root @ functions)
    orthogonal *= np.sign(np.diag(triangle))
    return np.linalg.solve(root, orthogonal).T.astype(np.float32)


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
