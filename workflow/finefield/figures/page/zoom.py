"""Parts of maps that are worth their place on the page."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from finefield.averages.ellipse import LEVEL, Ellipse


def zoomed(images: np.ndarray, effective: np.ndarray) -> np.ndarray:
    """Images of one size that end near the filters' own ends.

    Parameters
    ----------
    images : ndarray, shape (filter, y, x)
        Filters on the crop.
    effective : ndarray of bool, shape (filter,)
        Filters that must be seen whole: their pixels above `LEVEL` of the peak, with a margin of
        one pixel. The others are cut around their peaks.

    Returns
    -------
    ndarray, shape (filter, side, side)
        NaN beyond a crop that is no square; a crop of one row, or column, stays one.

    Examples
    --------
    >>> images = np.zeros((1, 9, 9))
    >>> images[0, 3:5, 6] = 1.0
    >>> zoomed(images, np.array([True])).shape
    (1, 4, 4)
    """
    size, most = np.nan_to_num(np.abs(images)), max(images.shape[1:])
    ends = [_ends(image) for image in size]
    sides = [high - low + 3 for one, kept in zip(ends, effective, strict=True) if kept
             for low, high in one]  # fmt: skip
    side = min(most, max(sides, default=most))
    cut = np.full((len(images), *(1 if n == 1 else side for n in size.shape[1:])), np.nan)
    for number, (image, one) in enumerate(zip(images, ends, strict=True)):
        parts = [_part(low, high, side, n) for (low, high), n in zip(one, image.shape, strict=True)]
        inner = image[tuple(parts)]
        cut[number, : inner.shape[0], : inner.shape[1]] = inner
    return cut


def _ends(size: np.ndarray) -> list[tuple[int, int]]:
    """First and last row, and column, of what is large in an image."""
    found = np.argwhere(size >= LEVEL * size.max())
    return list(zip(found.min(0).tolist(), found.max(0).tolist(), strict=True))


def _part(low: int, high: int, side: int, length: int) -> slice:
    """`side` pixels around the middle of `low` and `high`, within an image."""
    first = int(np.clip((low + high + 2 - side) // 2, 0, max(0, length - side)))
    return slice(first, min(length, first + side))


def zoom_to(axes: Axes, drawn: Sequence[Ellipse]) -> None:
    """Limit a square map to ellipses that are drawn on it, but never beyond its pixels.

    Parameters
    ----------
    axes : Axes
        A map as from `show_map`, rows downwards.
    drawn : sequence of Ellipse
        The ellipses, as large as they are drawn.
    """
    if not drawn:
        return
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    across = _span([(one.x, one.major) for one in drawn], left, right)
    down = _span([(one.y, one.major) for one in drawn], top, bottom)
    side = max(high - low for low, high in (across, down))
    # A single row, or column, fills the axes.
    wide, high = (one if one == 1 else side for one in (right - left, bottom - top))
    axes.set_xlim(_around(*across, wide, left, right))
    axes.set_ylim(_around(*down, high, top, bottom)[::-1])


def _span(circles: Sequence[tuple[float, float]], least: float, most: float) -> tuple[float, float]:
    """Ends of circles of (middle, radius), within the map and with some space around."""
    low = min(middle - radius for middle, radius in circles) - 0.5
    high = max(middle + radius for middle, radius in circles) + 0.5
    return max(least, low), min(most, high)


def _around(low: float, high: float, side: float, least: float, most: float) -> tuple[float, float]:
    """Limits `side` apart around the middle of `low` and `high`, within the map."""
    first = float(np.clip((low + high - side) / 2, least, max(least, most - side)))
    return first, first + side
