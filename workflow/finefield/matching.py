"""Filters matched one to one with the known subunits of a simulated cell."""

import math

import numpy as np
from scipy.optimize import linear_sum_assignment


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Cosine of every image of one set with every image of another.

    Parameters
    ----------
    first : ndarray, shape (subunit, y, x)
        Images.
    second : ndarray, shape (filter, y, x)
        Images of the same size.

    Returns
    -------
    ndarray of float64, shape (subunit, filter)
        0 with an image of zeros, which resembles nothing.

    Examples
    --------
    >>> cosines(np.array([[[1.0, 0.0]]]), np.array([[[1.0, 1.0]], [[0.0, 0.0]]])).round(3)
    array([[0.707, 0.   ]])
    """

    def unit(images: np.ndarray) -> np.ndarray:
        flat = np.asarray(images, float).reshape(len(images), math.prod(images.shape[1:]))
        norm = np.linalg.norm(flat, axis=1, keepdims=True)
        return np.divide(flat, norm, out=np.zeros_like(flat), where=norm > 0)

    return unit(first) @ unit(second).T


def match(subunits: np.ndarray, filters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Assign filters to subunits, one to one, with the largest sum of cosines.

    Parameters
    ----------
    subunits : ndarray, shape (subunit, y, x)
        Known subunits on the crop.
    filters : ndarray, shape (filter, y, x)
        Filters placed on the crop; there may be fewer than subunits, or none.

    Returns
    -------
    matched_filter : ndarray of int64, shape (subunit,)
        Index of each subunit's filter; -1 for a subunit without one.
    cosine : ndarray of float64, shape (subunit,)
        Their cosine; 0 for a subunit without a filter.

    Notes
    -----
    Hungarian method, by `scipy.optimize.linear_sum_assignment`.

    Examples
    --------
    >>> images = np.eye(3).reshape(3, 1, 3)
    >>> match(images, images[[2, 0]])
    (array([ 1, -1,  0]), array([1., 0., 1.]))
    """
    similarity = cosines(subunits, filters)
    rows, columns = linear_sum_assignment(similarity, maximize=True)
    matched = np.full(len(subunits), -1)
    cosine = np.zeros(len(subunits))
    matched[rows], cosine[rows] = columns, similarity[rows, columns]
    return matched, cosine


def chance_cosine(
    subunits: np.ndarray, filters: np.ndarray, rng: np.random.Generator, n_shuffles: int = 200
) -> float:
    """Mean matched cosine of filters at random places.

    Parameters
    ----------
    subunits, filters : ndarray
        As for `match`.
    rng : numpy.random.Generator
        Source of randomness.
    n_shuffles : int
        Number of random placements.

    Returns
    -------
    float
        Mean over shuffles and subunits, each filter being shifted around the crop by its own
        random step; NaN without filters.
    """
    if len(filters) == 0:
        return float("nan")
    height, width = subunits.shape[1:]
    levels = []
    for _ in range(n_shuffles):
        steps = rng.integers(0, [height, width], (len(filters), 2))
        shifted = [np.roll(one, step, (0, 1)) for one, step in zip(filters, steps, strict=True)]
        levels.append(match(subunits, np.stack(shifted))[1].mean())
    return float(np.mean(levels))
