"""Where a network's filters look on its crop, and how much of its drive passes through them."""

import numpy as np

from finefield.networks.network import Network


def drive_share(network: Network) -> np.ndarray:
    """Part of the readout's drive that passes through each filter at each position.

    Parameters
    ----------
    network : Network
        A trained network.

    Returns
    -------
    ndarray of float64, shape (filter, y, x)
        Norm of the filter times its influence on the readout, as for white noise; they sum to 1,
        or are NaN for a network without drive.
    """
    norm = np.sqrt((network.weight**2).sum((1, 2, 3), dtype=float))
    drive = norm[:, None, None] * network.influence()
    with np.errstate(invalid="ignore"):
        return drive / drive.sum()


def distinct_filters(network: Network) -> float:
    """How many different filters a network uses, from 1 to the number of filters times positions.

    Parameters
    ----------
    network : Network
        A trained network.

    Returns
    -------
    float
        1 / sum over pairs of placed filters of share x share x squared cosine, where the share is
        the part of the drive that passes through a filter at a position; NaN without drive. It is
        n for n orthogonal filters of equal share, and 1 if all filters are copies of one: then the
        symmetry of the filters has not broken and the network is an LN model.

    Notes
    -----
    The inverse Simpson index with similarities (Leinster and Cobbold 2012, Ecology 93:477), of
    order 2.
    """
    share, shape = drive_share(network), (network.height, network.width)
    if not np.isfinite(share).all():
        return float("nan")
    used = np.argwhere(share > 1e-4)
    share = share[tuple(used.T)] / share[tuple(used.T)].sum()
    placed = np.stack(
        [
            [place(frame, network.stride * y, network.stride * x, shape) for frame in weight]
            for weight, y, x in zip(network.weight[used[:, 0]], used[:, 1], used[:, 2], strict=True)
        ]
    ).reshape(len(used), -1)
    placed /= np.linalg.norm(placed, axis=1, keepdims=True)
    return float(1 / (share @ (placed @ placed.T) ** 2 @ share))


def place(spatial: np.ndarray, y: int, x: int, shape: tuple[int, int]) -> np.ndarray:
    """Put a spatial profile on the crop.

    Parameters
    ----------
    spatial : ndarray, shape (y, x)
        Spatial profile of a filter.
    y, x : int
        Its first row and column on the crop [pixels].
    shape : (int, int)
        Rows and columns of the crop.

    Returns
    -------
    ndarray, shape `shape`
        Zero outside the filter.

    Examples
    --------
    >>> place(np.ones((1, 1)), 0, 2, shape=(1, 3))
    array([[0., 0., 1.]])
    """
    crop = np.zeros(shape, spatial.dtype)
    crop[y : y + spatial.shape[0], x : x + spatial.shape[1]] = spatial
    return crop
