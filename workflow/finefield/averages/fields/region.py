"""Parts of the search for a receptive field: maps of an STA, regions around a peak, and noise.

STAs come as a stack: that of the spikes first, then those of shifted spikes, if there are any.
"""

import numpy as np
from scipy import ndimage

from finefield.averages.ellipse import LEVEL
from finefield.averages.fields.correlated import whiten
from finefield.averages.separation import separate

#: SD of the Gaussian that smooths the average in space [pixels].
SMOOTHING = 1.0


def noise_sd(values: np.ndarray) -> float:
    """Robust SD: 1.4826 times the median absolute deviation from the median.

    Examples
    --------
    >>> round(noise_sd(np.array([-1.0, 0.0, 1.0, 0.0, 1000.0, -1.0, 1.0])), 4)
    1.4826
    """
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def noise_of(stack: np.ndarray) -> float:
    """Noise SD of what was made of STAs: of shifted spikes, or else over the whole field.

    Parameters
    ----------
    stack : ndarray, shape (1 + shift, ...)
        The same linear map of each STA [1].
    """
    return noise_sd(stack[0]) if len(stack) == 1 else float(np.sqrt((stack[1:] ** 2).mean()))


def around(peak: tuple, radius: int, shape: tuple[int, int]) -> np.ndarray:
    """Mask (y, x) of the pixels up to `radius` from `peak`."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    return (y - peak[0]) ** 2 + (x - peak[1]) ** 2 <= radius**2


def map_through(
    stas: np.ndarray, region: np.ndarray, covariance: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Temporal filter (lag,) of a region, and the smoothed STAs seen through it (1 + shift, y, x).

    With the stimulus' `covariance` (pixel, pixel), they are made white before.
    """
    temporal, _, _ = separate(stas[0][:, region][:, None])
    size = np.linalg.norm(temporal)
    if size > 0:
        temporal = temporal / size
    seen = np.tensordot(stas, temporal, axes=(1, 0))
    if covariance is not None:
        seen = whiten(seen[0], seen[1:], covariance)
    return temporal, ndimage.gaussian_filter(seen, (0, SMOOTHING, SMOOTHING), mode="constant")


def region_of(seen: np.ndarray, near: np.ndarray) -> tuple[np.ndarray, float]:
    """Connected region of a map around its peak in `near`, and its border's part of the peak."""
    image = seen[0]
    peak = np.unravel_index(np.argmax(np.where(near, image, -np.inf)), image.shape)
    # An STA of zeros, or a peak within noise: a region of the peak alone.
    level = min(max(LEVEL * image[peak], 3 * noise_of(seen)), image[peak])
    labels, _ = ndimage.label(image >= level)
    region = labels == labels[peak]
    return region, float(level / image[peak]) if image[peak] > 0 else 1.0


def peak_snr(stas: np.ndarray, region: np.ndarray) -> float:
    """Largest magnitude of the STA in a region, over the noise SD of the pixels far from it."""
    away = ndimage.distance_transform_edt(~region) > 2 * np.sqrt(region.sum() / np.pi)
    if away.sum() < 0.1 * away.size:
        away = ~region if not region.all() else np.ones_like(region)
    noise = noise_of(stas[:, :, away] if len(stas) == 1 else stas)
    return float(np.abs(stas[0][:, region]).max() / noise) if noise > 0 else float("nan")


def polarity_of(temporal: np.ndarray) -> str:
    """Sign of the first lobe: of the first lag that reaches half the largest magnitude."""
    size = np.abs(temporal)
    return "ON" if temporal[np.argmax(size >= size.max() / 2)] > 0 else "OFF"
