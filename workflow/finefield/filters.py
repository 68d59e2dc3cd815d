"""What a network's filters look like, where they look, and which of them matter."""

from dataclasses import dataclass

import numpy as np

from finefield.network import Network
from finefield.sta import separate


@dataclass(frozen=True)
class Filters:
    """The filters of one network, each split in space and time.

    Attributes
    ----------
    temporal : ndarray, shape (filter, lag)
        Temporal profiles, which carry polarity and scale [1].
    spatial : ndarray, shape (filter, y, x)
        Spatial profiles of unit norm, their peak positive [1].
    explained : ndarray, shape (filter,)
        Part of each filter's energy in the product of the two; NaN for a filter of zeros.
    placed : ndarray, shape (filter, crop y, crop x)
        Spatial profiles on the crop, at the position of the largest readout weight.
    morans_i : ndarray, shape (filter,)
        Moran's I of the spatial profiles; NaN for a filter of zeros.
    contribution : ndarray, shape (filter,)
        Part of the readout's drive that passes through each filter.
    effective : ndarray of bool, shape (filter,)
        Effective rather than null.
    """

    temporal: np.ndarray
    spatial: np.ndarray
    explained: np.ndarray
    placed: np.ndarray
    morans_i: np.ndarray
    contribution: np.ndarray
    effective: np.ndarray


def describe_filters(
    network: Network, morans_i_threshold: float, contribution_threshold: float
) -> Filters:
    """Split a network's filters in space and time and tell effective from null ones.

    Parameters
    ----------
    network : Network
        A trained network.
    morans_i_threshold : float
        Least Moran's I of an effective filter.
    contribution_threshold : float
        Least contribution of an effective filter.

    Returns
    -------
    Filters

    Notes
    -----
    Yan et al. 2020: rank-one form of each filter; null filters by spatial autocorrelation.
    """
    parts = [separate(weight) for weight in network.weight]
    temporal = np.stack([part[0] for part in parts])
    spatial = np.stack([part[1] * np.isfinite(part[2]) for part in parts])  # zeros stay zeros
    influence = network.influence()
    peaks = influence.reshape(len(spatial), -1).argmax(1)
    rows, columns = network.stride * np.array(np.unravel_index(peaks, influence.shape[1:]))
    shape = network.height, network.width
    placed = np.stack([place(*each, shape) for each in zip(spatial, rows, columns, strict=True)])
    autocorrelation = np.array([morans_i(one) for one in spatial])
    share = drive_share(network).sum((1, 2))
    effective = (autocorrelation >= morans_i_threshold) & (share >= contribution_threshold)
    return Filters(
        temporal, spatial, np.array([part[2] for part in parts]), placed,
        autocorrelation, share, effective,
    )  # fmt: skip


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


def placements(
    network: Network, filters: Filters, contribution_threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Every place on the crop where an effective filter is read out.

    A filter that is read out at several positions stands for several subunits of one shape.

    Parameters
    ----------
    network : Network
        A trained network.
    filters : Filters
        Its filters.
    contribution_threshold : float
        Least part of the readout's drive through a filter at one position.

    Returns
    -------
    index : ndarray of int64, shape (placement,)
        Filter of each placement.
    images : ndarray of float64, shape (placement, y, x)
        Its spatial profile on the crop.
    """
    share = drive_share(network)
    chosen = (share >= contribution_threshold) & filters.effective[:, None, None]
    shape = network.height, network.width
    images = [
        place(filters.spatial[index], network.stride * row, network.stride * column, shape)
        for index, row, column in np.argwhere(chosen)
    ]
    return np.argwhere(chosen)[:, 0], np.reshape(images, (-1, *shape))


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


def morans_i(image: np.ndarray) -> float:
    """Moran's I of an image, with the four nearest pixels as neighbours of equal weight.

    Parameters
    ----------
    image : ndarray, shape (y, x)
        An image.

    Returns
    -------
    float
        Near 1 for smooth images, -1 for a chequerboard, about 0 for noise; NaN for a constant one.

    Notes
    -----
    Moran 1950 (Biometrika 37:17), rook neighbours.

    Examples
    --------
    >>> round(morans_i(np.array([[0, 1], [1, 0]])), 6)
    -1.0
    """
    centred = np.asarray(image, float) - np.mean(image)
    energy = (centred**2).sum()
    if energy == 0:
        return float("nan")
    products = [centred[1:] * centred[:-1], centred[:, 1:] * centred[:, :-1]]
    pairs = sum(product.size for product in products)
    return float(image.size / pairs * sum(product.sum() for product in products) / energy)
