"""Found subunits matched one to one with known ones, and how well two sets of them agree."""

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
    return unit_rows(first) @ unit_rows(second).T


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


def matched_similarity(first: np.ndarray, second: np.ndarray) -> float:
    """How well two sets of images agree: mean cosine of their one-to-one pairs.

    Parameters
    ----------
    first, second : ndarray, shape (image, y, x)
        Two sets of images of the same size, in any order and of any number.

    Returns
    -------
    float
        Sum of the cosines of the pairs from `match` over the size of the larger set, so that an
        image without a partner counts 0. The same with the sets exchanged; 1 if they are equal, 0
        if one of them is empty, NaN if both are.

    Examples
    --------
    >>> images = np.eye(3).reshape(3, 1, 3)
    >>> matched_similarity(images, images[[2, 0]])
    0.6666666666666666
    """
    larger = max(len(first), len(second))
    return float(match(first, second)[1].sum() / larger) if larger else float("nan")


def unit_rows(images: np.ndarray) -> np.ndarray:
    """Images (image, y, x) as rows of unit norm (image, pixel); those of zeros stay zeros."""
    flat = np.asarray(images, float).reshape(len(images), math.prod(images.shape[1:]))
    norm = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.divide(flat, norm, out=np.zeros_like(flat), where=norm > 0)
