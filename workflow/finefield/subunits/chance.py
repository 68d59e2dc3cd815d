"""How well subunits match by chance: found ones at random places within the receptive field.

Subunits found anywhere in the receptive field agree with its own to some degree. Places outside of
it, where there is nothing to match, would make this look smaller than it is. What leaves the crop
is cut off.
"""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import center_of_mass, shift

from finefield.subunits.matching import matched_similarity, unit_rows


def region(images: np.ndarray, level: float = 0.2) -> np.ndarray:
    """Where a set of images lies: the receptive field that its members tile.

    Parameters
    ----------
    images : ndarray, shape (image, y, x)
        Images; each counts as if of unit norm.
    level : float
        Part of the peak at which the region ends [1].

    Returns
    -------
    ndarray of bool, shape (y, x)
        Where the sum of magnitudes is at least `level` of its maximum; nowhere without images.

    Examples
    --------
    >>> region(np.array([[[3.0, 0.5, 0.0, 0.0]], [[0.0, 0.0, 0.0, -7.0]]])).astype(int)
    array([[1, 0, 0, 1]])
    """
    total = np.abs(unit_rows(images)).sum(0).reshape(images.shape[1:])
    return (total > 0) & (total >= level * total.max())


def chance_levels(
    subunits: np.ndarray,
    filters: np.ndarray,
    region: np.ndarray,
    rng: np.random.Generator,
    n_shuffles: int = 200,
    statistic: Callable[[np.ndarray, np.ndarray], float] = matched_similarity,
) -> np.ndarray:
    """How well `filters` match `subunits` at random places within the receptive field.

    Parameters
    ----------
    subunits, filters
        As for `match`.
    region : ndarray of bool, shape (y, x)
        The receptive field, as from `region`.
    rng : numpy.random.Generator
        Source of the places.
    n_shuffles : int
        Number of random placements.
    statistic : callable
        From the subunits and the moved filters to a number.

    Returns
    -------
    ndarray of float64, shape (n_shuffles,)
        The statistic of each placement; NaN without filters or subunits. Every filter is shifted
        by itself until its centre of mass, rounded, lies on a pixel of the region, each as likely.

    Raises
    ------
    ValueError
        If the region is not of the crop's shape or empty.

    Examples
    --------
    >>> pixel = np.eye(4)[:1].reshape(1, 2, 2)
    >>> chance_levels(pixel, pixel, np.ones((2, 2), bool), np.random.default_rng(0), n_shuffles=6)
    array([0., 0., 0., 0., 0., 1.])
    """
    places, levels = np.argwhere(region), np.full(n_shuffles, np.nan)
    if len(filters) == 0 or len(subunits) == 0:
        return levels
    _check(region, filters.shape[1:])
    centres = [_centre(one) for one in filters]
    for shuffle in range(n_shuffles):
        steps = places[rng.integers(len(places), size=len(filters))] - centres
        moved = [shift(one, step, order=0) for one, step in zip(filters, steps, strict=True)]
        levels[shuffle] = statistic(subunits, np.stack(moved))
    return levels


def _check(region: np.ndarray, shape: tuple[int, int]) -> None:
    if region.shape != shape or not region.any():
        found = f"region has shape {region.shape} and {region.sum()} pixels"
        expected = f"expected the crop's shape {shape} and a pixel at least"
        raise ValueError(f"{found}, {expected}: take it from region(subunits)")


def _centre(image: np.ndarray) -> np.ndarray:
    """Row and column nearest to the centre of mass of an image's magnitudes."""
    weight = np.abs(np.asarray(image, float))
    # An image of zeros is the same wherever it is.
    return np.rint(center_of_mass(weight)).astype(int) if weight.any() else np.zeros(2, int)
