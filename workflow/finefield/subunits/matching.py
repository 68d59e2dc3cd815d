"""Found subunits matched one to one with known ones: how well, by chance, and each one's fate."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment, nnls

from finefield.averages.ellipse import inside

#: Least part of a combination of images that each of its parts contributes.
LEAST_PART = 0.2

#: Points of the grid on which ellipses are compared, at most this many along y and along x.
MAX_POINTS = 1000


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
    return _unit(first) @ _unit(second).T


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
    total = np.abs(_unit(images)).sum(0).reshape(images.shape[1:])
    return (total > 0) & (total >= level * total.max())


def chance(
    subunits: np.ndarray,
    filters: np.ndarray,
    region: np.ndarray,
    rng: np.random.Generator,
    n_shuffles: int = 200,
    statistic: Callable[[np.ndarray, np.ndarray], float] = matched_similarity,
) -> np.ndarray:
    """How well filters of these shapes match at random places within the receptive field.

    Parameters
    ----------
    subunits, filters : ndarray
        As for `match`.
    region : ndarray of bool, shape (y, x)
        The receptive field, as from `region`.
    rng : numpy.random.Generator
        Source of randomness.
    n_shuffles : int
        Number of random placements.
    statistic : callable
        From the subunits and the moved filters to a number.

    Returns
    -------
    ndarray of float64, shape (n_shuffles,)
        The statistic of each placement: every filter is shifted by whole pixels, independently of
        the others, so that its centre of mass, rounded, lies on a pixel of the region, each as
        likely as any other. What leaves the crop is cut off. NaN without filters or subunits.

    Raises
    ------
    ValueError
        If the region is not of the crop's shape or has no pixel.

    Notes
    -----
    Filters found anywhere in the receptive field agree with its subunits to some degree. Places
    outside of it, where there is nothing to match, would make this look smaller than it is.

    Examples
    --------
    >>> pixel = np.eye(4)[:1].reshape(1, 2, 2)
    >>> chance(pixel, pixel, np.ones((2, 2), bool), np.random.default_rng(0), n_shuffles=6)
    array([0., 0., 0., 0., 0., 1.])
    """
    if len(filters) == 0 or len(subunits) == 0:
        return np.full(n_shuffles, np.nan)
    if region.shape != filters.shape[1:] or not region.any():
        raise ValueError(
            f"region has shape {region.shape} and {region.sum()} pixels, expected the crop's shape "
            f"{filters.shape[1:]} and a pixel at least: take it from region(subunits)"
        )
    places, centres = np.argwhere(region), np.stack([_centre(one) for one in filters])
    levels = np.empty(n_shuffles)
    for shuffle in range(n_shuffles):
        steps = places[rng.integers(len(places), size=len(filters))] - centres
        moved = [_shifted(one, *step) for one, step in zip(filters, steps, strict=True)]
        levels[shuffle] = statistic(subunits, np.stack(moved))
    return levels


def ellipse_overlap(first: Sequence[float], second: Sequence[float]) -> float:
    """Overlap of two ellipses: the area that they share over the area that they cover.

    Parameters
    ----------
    first, second : (float, float, float, float, float)
        Centre (y, x), semi-axes of one SD [pixels], and angle of the major axis from x towards y
        [degree], as from `receptive_field.ellipse`.

    Returns
    -------
    float
        From 0, apart, to 1, equal; NaN if a parameter is.

    Notes
    -----
    Counted on a grid of a hundredth of the smallest semi-axis, or of `MAX_POINTS` along a side.

    Examples
    --------
    >>> circle = (0.0, 0.0, 2.0, 2.0, 0.0)
    >>> round(ellipse_overlap(circle, (0.0, 0.0, 1.0, 1.0, 0.0)), 2)
    0.25
    """
    both = np.array([first, second], float)
    if np.isnan(both).any():
        return float("nan")
    centres, reach = both[:, :2], both[:, 2:3]
    low, high = (centres - reach).min(0), (centres + reach).max(0)
    steps = np.ceil((high - low) / (0.01 * both[:, 2:4].min()))
    n_y, n_x = np.minimum(steps + 1, MAX_POINTS).astype(int)
    y, x = np.linspace(low[0], high[0], n_y)[:, None], np.linspace(low[1], high[1], n_x)
    one, other = inside(y, x, both[0]), inside(y, x, both[1])
    return float((one & other).sum() / (one | other).sum())


@dataclass(frozen=True)
class Fates:
    """What became of each known subunit, and what each found one is; see `classify`.

    Attributes
    ----------
    subunit : ndarray of str, shape (subunit,)
        ``"recovered"``, ``"split"``, ``"merged"`` or ``"missed"``.
    found : ndarray of str, shape (found,)
        ``"matched"``, ``"part"``, ``"merger"`` or ``"spurious"``.
    """

    subunit: np.ndarray
    found: np.ndarray


def classify(subunits: np.ndarray, filters: np.ndarray, recovered_cosine: float = 0.9) -> Fates:
    """Fate of each known and of each found subunit.

    Parameters
    ----------
    subunits : ndarray, shape (subunit, y, x)
        Known subunits on the crop.
    filters : ndarray, shape (found, y, x)
        Found ones.
    recovered_cosine : float
        Cosine from which two images count as the same.

    Returns
    -------
    Fates
        A known subunit is, the first that holds,

        - recovered: its match, from `match`, has a cosine of at least `recovered_cosine`;
        - split: a combination of found images that match no recovered subunit has, and at least
          two of them contribute;
        - merged: one of these found images has that cosine with a combination of known subunits
          of which at least two contribute, this one among them;
        - missed.

        A found one is, the first that holds,

        - matched: the match of a recovered subunit;
        - part: contributes to the combination of a split subunit;
        - merger: the one image in which a merged subunit was found;
        - spurious.

    Notes
    -----
    A combination has non-negative weights; the best is found by `scipy.optimize.nnls`. An image
    contributes if its weight times norm is at least `LEAST_PART` of their sum over all images.

    Examples
    --------
    >>> images = np.eye(4).reshape(4, 2, 2)
    >>> fates = classify(np.stack([images[0], images[1] + images[2]]), images)
    >>> fates.subunit.tolist(), fates.found.tolist()
    (['recovered', 'split'], ['matched', 'part', 'part', 'spurious'])
    """
    partner, recovered = _recovered(subunits, filters, recovered_cosine)
    matched = np.isin(np.arange(len(filters)), partner[recovered])
    # What matches a recovered subunit is explained: it is no part and no mixture of others.
    free = np.flatnonzero(~matched)
    known, others = _unit(subunits), _unit(filters)[free]
    parts = _contributions(known, others, recovered_cosine) & ~recovered[:, None]
    split = parts.any(1)
    mixed = _contributions(others, known, recovered_cosine) & ~(recovered | split)
    merged = mixed.any(0)
    is_part, is_merger = np.zeros((2, len(filters)), bool)
    is_part[free], is_merger[free] = parts.any(0), mixed.any(1)
    return Fates(
        np.select([recovered, split, merged], ["recovered", "split", "merged"], "missed"),
        np.select([matched, is_part, is_merger], ["matched", "part", "merger"], "spurious"),
    )


def precision_and_recall(
    subunits: np.ndarray, filters: np.ndarray, recovered_cosine: float = 0.9
) -> tuple[float, float]:
    """Part of the found subunits that are known ones, and of the known ones that were found.

    Parameters
    ----------
    subunits, filters, recovered_cosine
        As for `classify`.

    Returns
    -------
    precision : float
        Found subunits that match a recovered one, over all found; NaN if nothing was found.
    recall : float
        Recovered subunits over all known; NaN without known ones.

    Examples
    --------
    >>> images = np.eye(4).reshape(4, 2, 2)
    >>> precision_and_recall(images, images[:1])
    (1.0, 0.25)
    """
    n_recovered = int(_recovered(subunits, filters, recovered_cosine)[1].sum())
    n_found, n_known = len(filters), len(subunits)
    precision = n_recovered / n_found if n_found else float("nan")
    return precision, n_recovered / n_known if n_known else float("nan")


def _unit(images: np.ndarray) -> np.ndarray:
    """Images (image, y, x) as rows of unit norm (image, pixel); those of zeros stay zeros."""
    flat = np.asarray(images, float).reshape(len(images), math.prod(images.shape[1:]))
    norm = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.divide(flat, norm, out=np.zeros_like(flat), where=norm > 0)


def _centre(image: np.ndarray) -> np.ndarray:
    """Row and column nearest to the centre of mass of an image's magnitudes."""
    weight = np.abs(np.asarray(image, float))
    if not weight.any():  # An image of zeros is the same wherever it is.
        return np.zeros(2, int)
    y, x = np.indices(weight.shape)
    return np.rint(np.array([(weight * y).sum(), (weight * x).sum()]) / weight.sum()).astype(int)


def _shifted(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """An image moved by whole pixels; what leaves it is cut off and zeros follow."""
    moved = np.zeros_like(image)
    height, width = image.shape
    kept = image[max(0, -down) : max(0, height - down), max(0, -right) : max(0, width - right)]
    top, left = max(0, down), max(0, right)
    moved[top : top + kept.shape[0], left : left + kept.shape[1]] = kept
    return moved


def _recovered(
    subunits: np.ndarray, filters: np.ndarray, recovered_cosine: float
) -> tuple[np.ndarray, np.ndarray]:
    """Match of each subunit, and whether it recovers it (subunit,)."""
    partner, cosine = match(subunits, filters)
    return partner, (partner >= 0) & (cosine >= recovered_cosine)


def _contributions(targets: np.ndarray, parts: np.ndarray, least_cosine: float) -> np.ndarray:
    """Which parts make up each target, as (target, part); none if fewer than two do.

    Targets and parts are rows of unit norm, so that a weight is a weight times norm.
    """
    contributes = np.zeros((len(targets), len(parts)), bool)
    if len(parts) < 2:
        return contributes
    for target, row in zip(targets, contributes, strict=True):
        # The nearest point of a cone is also the one of the largest cosine.
        weight, _ = nnls(parts.T, target)
        combined = weight @ parts
        if combined @ target >= least_cosine * np.linalg.norm(combined) and weight.any():
            row[:] = weight >= LEAST_PART * weight.sum()
            row &= row.sum() >= 2
    return contributes
