"""A cell's receptive field: centre, ellipse and crop, found on the whole field's STA."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.stats import norm

from finefield.averages.sta import separate
from finefield.stimuli.window import Window

#: Part of the map's peak at which the receptive field ends.
LEVEL = 0.2


@dataclass(frozen=True)
class ReceptiveField:
    """Receptive field of one cell.

    Attributes
    ----------
    y, x : float
        Centre: row and column on the stimulus field, 0 the first one's middle [pixels].
    crop : Window
        Square around the centre, sized from the ellipse and shifted to lie on the field.
    snr : float
        Largest magnitude of the STA near the centre, over the STA's noise SD away from it [1].
    polarity : str
        ``"ON"`` or ``"OFF"``: sign of the temporal filter's first lobe.
    major, minor : float
        Semi-axes of the ellipse, one SD of a Gaussian [µm]; NaN if not found.
    angle : float
        Angle of the major axis from x towards y, -90 (exclusive) to 90 [degree]; NaN if not found.
    found : bool
        Whether there is a receptive field. If not, the rest describes the best guess.
    reason : str
        Why not; empty if found.
    """

    y: float
    x: float
    crop: Window
    snr: float
    polarity: str
    major: float
    minor: float
    angle: float
    found: bool
    reason: str


def locate(
    sta: np.ndarray,
    pixel_size: float,
    min_size: float,
    max_size: float,
    min_crop: int = 24,
    max_crop: int = 32,
    crop_reach: float = 2.5,
    smoothing: float = 1.0,
    false_alarm: float = 1e-3,
) -> ReceptiveField:
    """Find the receptive field on the whole field's STA.

    The STA, smoothed in space and time, has its peak in the receptive field. The best product of
    space and time around this peak has a temporal part; the whole STA seen through it is a map of
    one value per pixel. The receptive field is the connected region around the map's peak above a
    fifth of the peak and 3 SD of noise, found twice: the second time with the temporal part of the
    whole first region. Its second moments make the ellipse.

    Parameters
    ----------
    sta : ndarray, shape (lag, y, x)
        Spike-triggered average on the whole field, lag 0 the newest frame [1].
    pixel_size : float
        Side of a stimulus pixel [µm].
    min_size, max_size : float
        Smallest and largest believable diameter, 2 sqrt(major minor) [µm].
    min_crop, max_crop : int
        Smallest and largest side of the crop [pixels]; it is never larger than the field.
    crop_reach : float
        Half the crop's side, in semi-major axes [1]; the side is rounded up to an odd number.
    smoothing : float
        SD of the Gaussian that smooths in space [pixels].
    false_alarm : float
        Probability that the peak of an STA of mere noise counts as a receptive field.

    Returns
    -------
    ReceptiveField
        With ``found=False`` and a reason if the peak is within noise or of an unbelievable size.

    Notes
    -----
    Robust noise SD: 1.4826 times the median absolute deviation. For a Gaussian cut at a fraction q
    of its peak the second moments are too small by the factor 1 + q ln(q) / (1 - q), which is
    divided out, and smoothing adds its variance, which is subtracted.

    Examples
    --------
    >>> y, x = np.mgrid[:40, :40]
    >>> bump = np.exp(-((y - 15) ** 2 + (x - 22) ** 2) / 8)
    >>> noise = 0.01 * np.random.default_rng(1).standard_normal((10, 40, 40))
    >>> sta = noise - 0.2 * np.sin(np.arange(10) / 2)[:, None, None] * bump
    >>> field = locate(sta, pixel_size=30, min_size=30, max_size=600, min_crop=8)
    >>> field.found, field.polarity, round(field.y), round(field.x), field.crop
    (True, 'OFF', 15, 22, Window(y=10, x=17, height=11, width=11))
    >>> round(field.major / 30), round(field.minor / 30)
    (2, 2)
    """
    sta = np.asarray(sta, np.float64)
    height, width = sta.shape[1:]
    peak, detected = _detect(sta, smoothing, false_alarm)
    region = _around(peak, int(np.ceil(2 * smoothing)), height, width)
    for _ in range(2):
        temporal, seen = _map_through(sta, region, smoothing)
        region, level = _region(seen, region)
    y, x, major, minor, angle = _ellipse(seen, region, level, smoothing)
    side = np.clip(np.ceil(2 * crop_reach * major) // 2 * 2 + 1, min_crop, max_crop)
    side = min(int(side), height, width)
    major, minor = pixel_size * major, pixel_size * minor
    reason = _why_not(detected, 2 * np.sqrt(major * minor), min_size, max_size)
    if reason:
        major = minor = angle = float("nan")
    return ReceptiveField(
        y=y,
        x=x,
        crop=_square(y, x, side, height, width),
        snr=_peak_snr(sta, region),
        polarity=_polarity(temporal),
        major=major,
        minor=minor,
        angle=angle,
        found=not reason,
        reason=reason,
    )


def ellipse(spatial: np.ndarray) -> tuple[float, float, float, float, float]:
    """Ellipse of a spatial filter that is known without noise, by its second moments.

    Parameters
    ----------
    spatial : ndarray, shape (y, x)
        The filter; its pixels above a fifth of the peak count [1].

    Returns
    -------
    y, x : float
        Centre [pixels].
    major, minor : float
        Semi-axes, one SD of a Gaussian [pixels].
    angle : float
        Of the major axis from x towards y, -90 (exclusive) to 90 [degree].

    Examples
    --------
    >>> y, x = np.mgrid[:31, :41]
    >>> bump = np.exp(-((y - 12) ** 2) / (2 * 2**2) - (x - 20) ** 2 / (2 * 4**2))
    >>> [round(value, 1) for value in ellipse(bump)]
    [12.0, 20.0, 3.9, 2.0, 0.0]
    """
    return _ellipse(spatial, spatial >= LEVEL * spatial.max(), LEVEL, 0.0)


def noise_sd(values: np.ndarray) -> float:
    """Robust SD: 1.4826 times the median absolute deviation from the median.

    Examples
    --------
    >>> round(noise_sd(np.array([-1.0, 0.0, 1.0, 0.0, 1000.0, -1.0, 1.0])), 4)
    1.4826
    """
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def _detect(sta: np.ndarray, smoothing: float, false_alarm: float) -> tuple[tuple, bool]:
    """Peak (y, x) of the smoothed STA, and whether mere noise would hardly reach it."""
    # Zeros beyond the border: noise is never larger there than inside.
    smooth = ndimage.gaussian_filter(sta, (1.0, smoothing, smoothing), mode="constant")
    peak = np.unravel_index(np.argmax(np.abs(smooth)), sta.shape)
    threshold = norm.isf(false_alarm / (2 * sta.size)) * noise_sd(smooth)
    return peak[1:], bool(abs(smooth[peak]) > threshold)


def _around(peak: tuple, radius: int, height: int, width: int) -> np.ndarray:
    """Mask (y, x) of the pixels up to `radius` from `peak`."""
    y, x = np.ogrid[:height, :width]
    return (y - peak[0]) ** 2 + (x - peak[1]) ** 2 <= radius**2


def _map_through(
    sta: np.ndarray, region: np.ndarray, smoothing: float
) -> tuple[np.ndarray, np.ndarray]:
    """Temporal filter (lag,) of a region, and the smoothed STA seen through it (y, x)."""
    temporal, _, _ = separate(sta[:, region][:, None])
    size = np.linalg.norm(temporal)
    if size > 0:
        temporal = temporal / size
    seen = np.tensordot(temporal, sta, axes=1)
    return temporal, ndimage.gaussian_filter(seen, smoothing, mode="constant")


def _region(seen: np.ndarray, near: np.ndarray) -> tuple[np.ndarray, float]:
    """Connected region of a map around its peak in `near`, and its border's part of the peak."""
    peak = np.unravel_index(np.argmax(np.where(near, seen, -np.inf)), seen.shape)
    # An STA of zeros, or a peak within noise: a region of the peak alone.
    level = min(max(LEVEL * seen[peak], 3 * noise_sd(seen)), seen[peak])
    labels, _ = ndimage.label(seen >= level)
    region = labels == labels[peak]
    return region, float(level / seen[peak]) if seen[peak] > 0 else 1.0


def _ellipse(
    seen: np.ndarray, region: np.ndarray, level: float, smoothing: float
) -> tuple[float, float, float, float, float]:
    """Centre (y, x) and semi-axes [pixels] and angle [degree] from a region's moments."""
    y, x = np.nonzero(region)
    weight = np.maximum(seen[region], np.finfo(float).tiny)
    weight = weight / weight.sum()
    centre_x, centre_y = weight @ x, weight @ y
    offsets = np.stack([x - centre_x, y - centre_y])
    shrunk = 1 + level * np.log(level) / (1 - level) if level < 1 else 1.0
    variances, vectors = np.linalg.eigh((weight * offsets) @ offsets.T / shrunk)
    # Nothing is smaller than a pixel, whose variance is 1/12.
    minor, major = np.sqrt(np.maximum(variances - smoothing**2, 1 / 12))
    angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
    angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
    return float(centre_y), float(centre_x), float(major), float(minor), float(angle)


def _why_not(detected: bool, diameter: float, min_size: float, max_size: float) -> str:
    """Why there is no receptive field; empty if there is one."""
    if not detected:
        return "the STA's peak is within its noise"
    if not min_size <= diameter <= max_size:
        return f"its diameter is {diameter:.0f} µm, not from {min_size:g} to {max_size:g} µm"
    return ""


def _square(y: float, x: float, side: int, height: int, width: int) -> Window:
    """Square window around a centre, shifted to lie on the field."""
    top, left = round(y - (side - 1) / 2), round(x - (side - 1) / 2)
    return Window(min(max(top, 0), height - side), min(max(left, 0), width - side), side, side)


def _peak_snr(sta: np.ndarray, region: np.ndarray) -> float:
    """Largest magnitude of the STA in a region, over the noise SD of the pixels far from it."""
    distance = ndimage.distance_transform_edt(~region)
    away = distance > 2 * np.sqrt(region.sum() / np.pi)
    if away.sum() < 0.1 * away.size:
        away = ~region if not region.all() else np.ones_like(region)
    noise = noise_sd(sta[:, away])
    return float(np.abs(sta[:, region]).max() / noise) if noise > 0 else float("nan")


def _polarity(temporal: np.ndarray) -> str:
    """Sign of the first lobe: of the first lag that reaches half the largest magnitude."""
    size = np.abs(temporal)
    return "ON" if temporal[np.argmax(size >= size.max() / 2)] > 0 else "OFF"
