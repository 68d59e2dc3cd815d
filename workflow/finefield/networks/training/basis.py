"""Temporal bases of networks."""

import numpy as np

#: Variance added to each lag of a correlated stimulus, in units of its own.
RIDGE = 0.01


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
    >>> basis = orthonormal_basis(np.sin(np.arange(20) / 3), 4)
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
