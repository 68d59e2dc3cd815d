"""Ellipses on the crop: which points lie inside, and how well they tile a receptive field."""

from collections.abc import Sequence

import numpy as np

#: Ellipses are drawn and counted at this many SDs, as is usual for receptive fields.
CONTOUR = 1.5


def inside(
    y: np.ndarray, x: np.ndarray, ellipse: Sequence[float], contour: float = 1.0
) -> np.ndarray:
    """Whether points lie inside an ellipse.

    Parameters
    ----------
    y, x : ndarray
        Points, of shapes that broadcast together [pixels].
    ellipse : (float, float, float, float, float)
        Centre (y, x), semi-axes of one SD [pixels], and angle of the major axis from x towards y
        [degree], as from `receptive_field.ellipse`.
    contour : float
        SDs at which the ellipse ends.

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> inside(np.array([0, 0]), np.array([1.5, 2.5]), (0, 0, 2, 1, 0)).tolist()
    [True, False]
    """
    centre_y, centre_x, major, minor, angle = ellipse
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    dy, dx = y - centre_y, x - centre_x
    along, across = cos * dx + sin * dy, -sin * dx + cos * dy
    return (along / major) ** 2 + (across / minor) ** 2 <= contour**2


def tiling(
    ellipses: Sequence[Sequence[float]], field: Sequence[float], step: float = 0.1
) -> tuple[float, float]:
    """How well ellipses cover a receptive field, and how much they overlap.

    Parameters
    ----------
    ellipses : sequence of (float, float, float, float, float)
        As for `inside`, counted at `CONTOUR` SDs.
    field : (float, float, float, float, float)
        The receptive field, at the same contour.
    step : float
        Distance of the points that are counted [pixels].

    Returns
    -------
    coverage : float
        Part of the receptive field that lies inside at least one ellipse.
    overlap : float
        Ellipses over a covered point, on average: 1 if none overlap; NaN without ellipses.

    Examples
    --------
    >>> one = (5.0, 5.0, 2.0, 2.0, 0.0)
    >>> [round(value, 2) for value in tiling([one, one], one)]
    [1.0, 2.0]
    """
    every = np.array([*ellipses, field], float)
    reach = CONTOUR * every[:, 2:3]
    low, high = (every[:, :2] - reach).min(0), (every[:, :2] + reach).max(0)
    y = np.arange(low[0], high[0], step)[:, None]
    x = np.arange(low[1], high[1], step)
    layers = sum(inside(y, x, ellipse, CONTOUR).astype(int) for ellipse in ellipses)
    if not np.any(layers):
        return 0.0, float("nan")
    within = inside(y, x, field, CONTOUR)
    return float((layers > 0)[within].mean()), float(layers[layers > 0].mean())
