"""Ellipses: of one image, which points lie inside, how well they overlap and tile a field."""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

#: Part of an image's peak at which its ellipse, or a receptive field, ends.
LEVEL = 0.2
#: Ellipses are drawn and counted at this many SDs, as is usual for receptive fields.
CONTOUR = 1.5
#: Points of the grid on which two ellipses are compared, at most this many along y and along x.
MAX_POINTS = 1000


@dataclass(frozen=True)
class Ellipse:
    """The ellipse of one SD of a Gaussian, on the stimulus field or on a crop.

    Attributes
    ----------
    y, x : float
        Centre: row and column, 0 being the middle of the first one [pixels].
    major, minor : float
        Semi-axes [pixels]; NaN if unknown.
    angle : float
        Angle of the major axis from x towards y, -90 (exclusive) to 90 [degree]; NaN if unknown.
    """

    y: float
    x: float
    major: float
    minor: float
    angle: float

    @classmethod
    def of(cls, image: np.ndarray) -> "Ellipse":
        """Ellipse of an image without noise, by the second moments of its pixels above `LEVEL`.

        Parameters
        ----------
        image : ndarray, shape (y, x)
            A spatial filter, its peak positive [1].

        Returns
        -------
        Ellipse
            On the image.

        Examples
        --------
        >>> y, x = np.mgrid[:31, :41]
        >>> bump = np.exp(-((y - 12) ** 2) / (2 * 2**2) - (x - 20) ** 2 / (2 * 4**2))
        >>> found = Ellipse.of(bump)
        >>> [round(value, 1) for value in (found.y, found.x, found.major, found.minor, found.angle)]
        [12.0, 20.0, 3.9, 2.0, 0.0]
        """
        return cls.of_region(image, image >= LEVEL * image.max(), LEVEL)

    @classmethod
    def of_region(
        cls, image: np.ndarray, region: np.ndarray, level: float, smoothing: float = 0.0
    ) -> "Ellipse":
        """Ellipse of a region of an image, by its second moments.

        Parameters
        ----------
        image : ndarray, shape (y, x)
            A spatial filter [1].
        region : ndarray of bool, shape (y, x)
            Pixels that count.
        level : float
            Part of the peak at which the region ends [1].
        smoothing : float
            SD of the Gaussian that the image was smoothed with [pixels].

        Returns
        -------
        Ellipse
            On the image. No semi-axis is below that of a pixel, whose variance is 1/12.

        Notes
        -----
        For a Gaussian cut at a fraction q of its peak, the second moments are too small by a
        factor, which is divided out: 1 + q ln(q) / (1 - q), or on one row or column
        1 - 2 a phi(a) / (2 Phi(a) - 1) with a = sqrt(-2 ln(q)). Smoothing adds its variance, which
        is subtracted.
        """
        y, x = np.nonzero(region)
        weight = np.maximum(image[region], np.finfo(float).tiny)
        weight = weight / weight.sum()
        centre_x, centre_y = weight @ x, weight @ y
        offsets = np.stack([x - centre_x, y - centre_y])
        shrunk = _shrunk(level, flat=min(image.shape) == 1) if level < 1 else 1.0
        variances, vectors = np.linalg.eigh((weight * offsets) @ offsets.T / shrunk)
        minor, major = np.sqrt(np.maximum(variances - smoothing**2, 1 / 12))
        angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
        angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
        return cls(*map(float, (centre_y, centre_x, major, minor, angle)))

    @property
    def is_known(self) -> bool:
        """Whether no value is NaN."""
        return bool(np.isfinite(astuple(self)).all())

    def shifted(self, dy: float, dx: float) -> "Ellipse":
        """The same ellipse, moved: on the field if it lay on a crop that begins at (dy, dx)."""
        return replace(self, y=self.y + dy, x=self.x + dx)

    def inside(self, y: np.ndarray, x: np.ndarray, contour: float = 1.0) -> np.ndarray:
        """Whether points lie inside.

        Parameters
        ----------
        y, x : ndarray
            Points, of shapes that broadcast together [pixels].
        contour : float
            SDs at which the ellipse ends.

        Returns
        -------
        ndarray of bool

        Examples
        --------
        >>> Ellipse(0, 0, 2, 1, 0).inside(np.array([0, 0]), np.array([1.5, 2.5])).tolist()
        [True, False]
        """
        cos, sin = np.cos(np.radians(self.angle)), np.sin(np.radians(self.angle))
        dy, dx = y - self.y, x - self.x
        along, across = cos * dx + sin * dy, -sin * dx + cos * dy
        return (along / self.major) ** 2 + (across / self.minor) ** 2 <= contour**2


def overlap(first: Ellipse, second: Ellipse) -> float:
    """Overlap of two ellipses: the area that they share over the area that they cover.

    Parameters
    ----------
    first, second : Ellipse
        On the same field or crop.

    Returns
    -------
    float
        From 0, apart, to 1, equal; NaN if one is not known.

    Notes
    -----
    Counted on a grid of a hundredth of the smallest semi-axis, or of `MAX_POINTS` along a side.

    Examples
    --------
    >>> circle = Ellipse(0.0, 0.0, 2.0, 2.0, 0.0)
    >>> round(overlap(circle, Ellipse(0.0, 0.0, 1.0, 1.0, 0.0)), 2)
    0.25
    """
    if not (first.is_known and second.is_known):
        return float("nan")
    low, high = _corners([first, second], 1)
    steps = np.ceil((high - low) / (0.01 * min(first.minor, second.minor)))
    n_y, n_x = np.minimum(steps + 1, MAX_POINTS).astype(int)
    y, x = np.linspace(low[0], high[0], n_y)[:, None], np.linspace(low[1], high[1], n_x)
    one, other = first.inside(y, x), second.inside(y, x)
    return float((one & other).sum() / (one | other).sum())


def tiling(ellipses: Sequence[Ellipse], field: Ellipse, step: float = 0.1) -> tuple[float, float]:
    """How well ellipses cover a receptive field, and how much they overlap.

    Parameters
    ----------
    ellipses : sequence of Ellipse
        Counted at `CONTOUR` SDs.
    field : Ellipse
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
    >>> one = Ellipse(5.0, 5.0, 2.0, 2.0, 0.0)
    >>> [round(value, 2) for value in tiling([one, one], one)]
    [1.0, 2.0]
    """
    low, high = _corners([*ellipses, field], CONTOUR)
    y = np.arange(low[0], high[0], step)[:, None]
    x = np.arange(low[1], high[1], step)
    layers = sum(one.inside(y, x, CONTOUR).astype(int) for one in ellipses)
    if not np.any(layers):
        return 0.0, float("nan")
    within = field.inside(y, x, CONTOUR)
    return float((layers > 0)[within].mean()), float(layers[layers > 0].mean())


def _shrunk(level: float, flat: bool) -> float:
    """Variance of a Gaussian cut at a part of its peak, in that of the whole one.

    Along every axis of an image, or of a `flat` one of one row or column.
    """
    if flat:
        # With a normal density phi: 2 Phi(a) - 1 is erf(a / sqrt(2)), and phi(a) the level's.
        end = math.sqrt(-2 * math.log(level))
        return 1 - 2 * end * level / (math.sqrt(2 * math.pi) * math.erf(end / math.sqrt(2)))
    return 1 + level * np.log(level) / (1 - level)


def _corners(ellipses: Sequence[Ellipse], contour: float) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest (y, x) that any of the ellipses may reach at a contour."""
    centres = np.array([(one.y, one.x) for one in ellipses])
    reach = contour * np.array([[one.major] for one in ellipses])
    return (centres - reach).min(0), (centres + reach).max(0)
