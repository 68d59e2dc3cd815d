"""A cell's receptive field: centre, ellipse and crop, found on the whole field's STA.

The STA, smoothed in space and time, has its peak in the receptive field. The best product of space
and time around this peak has a temporal part; the whole STA seen through it is a map of one value
per pixel. The receptive field is the connected region around the map's peak above a fifth of the
peak and 3 SD of noise, found twice: the second time with the temporal part of the whole first
region. Its second moments make the ellipse.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage
from scipy.stats import norm

from finefield.averages.ellipse import LEVEL, Ellipse
from finefield.averages.ln import linear_drive, ln_of_drive
from finefield.averages.separation import separate
from finefield.averages.settings import ReceptiveFieldSettings
from finefield.averages.slip import frame_slip
from finefield.averages.sta import field_average
from finefield.responses.responses import Responses
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window

log = logging.getLogger(__name__)

#: What to do about parts of a recording that are apart in their frames.
TRIGGERS = "look for a frame trigger that is missing or one too many; import_recording logs gaps"
#: SD of the Gaussian that smooths the average in space [pixels].
SMOOTHING = 1.0
#: Probability that the peak of an average of mere noise counts as a receptive field.
FALSE_ALARM = 1e-3


@dataclass(frozen=True)
class ReceptiveField:
    """Receptive field of one cell.

    Attributes
    ----------
    ellipse : Ellipse
        On the stimulus field; semi-axes and angle are NaN if there is no receptive field.
    crop : Window
        Around the centre, sized from the ellipse and shifted to lie on the field; a square, if that
        has room.
    snr : float
        Largest magnitude of the STA near the centre, over the STA's noise SD away from it [1].
    polarity : str
        ``"ON"`` or ``"OFF"``: sign of the temporal filter's first lobe; ``"ON-OFF"`` for a cell
        that also responds to the opposite of what it prefers.
    reason : str
        Why there is no receptive field, the rest being the best guess; empty if there is one.
    on_off_index : float
        How much it responds to the opposite, as in `LNModel.on_off_index`; NaN if unknown.
    slip : int
        By how many frames parts of the recording are apart, as in `slip.frame_slip`.
    """

    ellipse: Ellipse
    crop: Window
    snr: float
    polarity: str
    reason: str
    on_off_index: float = float("nan")
    slip: int = 0


def locate_cell(
    bands: Iterable[Stimulus],
    mean: float,
    read_crop: Callable[[Window], Stimulus],
    responses: Responses,
    lags: int,
    pixel_size: float,
    settings: ReceptiveFieldSettings,
) -> ReceptiveField:
    """Find a cell's receptive field and polarity from its responses.

    Parameters
    ----------
    bands : iterable of Stimulus
        Training sequence in bands of rows, as for `sta.field_average`.
    mean : float
        Its mean contrast over the whole field [1].
    read_crop : callable
        Training sequence on a window.
    responses : Responses
        Responses to it.
    lags : int
        Number of frames, the newest included.
    pixel_size, settings
        As for `locate`.

    Returns
    -------
    ReceptiveField
    """
    newest, count = responses.samples(lags)
    sta = field_average(bands, newest, count, lags) - mean
    log.info("%d spikes averaged", count.sum())
    found = locate(sta, pixel_size, settings)
    temporal, spatial, _ = separate(sta[:, *found.crop.slices])
    crop = read_crop(found.crop)
    drive = linear_drive(crop, temporal, spatial)
    ln = ln_of_drive(drive, newest, count, temporal, spatial, responses.frame_rate)
    polarity = "ON-OFF" if ln.on_off_index >= settings.on_off_index else found.polarity
    slip = frame_slip(drive, newest, count)
    if slip:
        log.warning("parts of the recording are %d frame(s) apart. Fix: %s", slip, TRIGGERS)
    return replace(found, polarity=polarity, on_off_index=ln.on_off_index, slip=slip)


def locate(sta: np.ndarray, pixel_size: float, settings: ReceptiveFieldSettings) -> ReceptiveField:
    """Find the receptive field on the whole field's STA.

    Parameters
    ----------
    sta : ndarray, shape (lag, y, x)
        Spike-triggered average on the whole field, lag 0 the newest frame [1].
    pixel_size : float
        Side of a stimulus pixel [µm].
    settings : ReceptiveFieldSettings
        How it is sought, and which one is believed.

    Returns
    -------
    ReceptiveField
        With a reason if the peak is within noise or of an unbelievable size.

    Examples
    --------
    >>> y, x = np.mgrid[:40, :40]
    >>> bump = np.exp(-((y - 15) ** 2 + (x - 22) ** 2) / 8)
    >>> noise = 0.01 * np.random.default_rng(1).standard_normal((10, 40, 40))
    >>> sta = noise - 0.2 * np.sin(np.arange(10) / 2)[:, None, None] * bump
    >>> field = locate(sta, 30, ReceptiveFieldSettings(min_size=30, max_size=600, min_crop=8))
    >>> field.polarity, field.crop, round(field.ellipse.major), round(field.ellipse.minor)
    ('OFF', Window(y=10, x=17, height=11, width=11), 2, 2)
    """
    sta = np.asarray(sta, np.float64)
    peak, detected = _detect(sta)
    region = _around(peak, int(np.ceil(2 * SMOOTHING)), sta.shape[1:])
    for _ in range(2):
        temporal, seen = _map_through(sta, region)
        region, level = _region(seen, region)
    ellipse = Ellipse.of_region(seen, region, level, SMOOTHING)
    reason = _why_not(ellipse, detected, pixel_size, settings)
    unknown = dict.fromkeys(("major", "minor", "angle"), float("nan")) if reason else {}
    return ReceptiveField(
        ellipse=replace(ellipse, **unknown),
        crop=_crop(ellipse, settings, sta.shape[1:]),
        snr=_peak_snr(sta, region),
        polarity=_polarity(temporal),
        reason=reason,
    )


def noise_sd(values: np.ndarray) -> float:
    """Robust SD: 1.4826 times the median absolute deviation from the median.

    Examples
    --------
    >>> round(noise_sd(np.array([-1.0, 0.0, 1.0, 0.0, 1000.0, -1.0, 1.0])), 4)
    1.4826
    """
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def _detect(sta: np.ndarray) -> tuple[tuple, bool]:
    """Peak (y, x) of the smoothed STA, and whether mere noise would hardly reach it."""
    # Zeros beyond the border: noise is never larger there than inside.
    smooth = ndimage.gaussian_filter(sta, (1.0, SMOOTHING, SMOOTHING), mode="constant")
    peak = np.unravel_index(np.argmax(np.abs(smooth)), sta.shape)
    threshold = norm.isf(FALSE_ALARM / (2 * sta.size)) * noise_sd(smooth)
    return peak[1:], bool(abs(smooth[peak]) > threshold)


def _around(peak: tuple, radius: int, shape: tuple[int, int]) -> np.ndarray:
    """Mask (y, x) of the pixels up to `radius` from `peak`."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    return (y - peak[0]) ** 2 + (x - peak[1]) ** 2 <= radius**2


def _map_through(sta: np.ndarray, region: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Temporal filter (lag,) of a region, and the smoothed STA seen through it (y, x)."""
    temporal, _, _ = separate(sta[:, region][:, None])
    size = np.linalg.norm(temporal)
    if size > 0:
        temporal = temporal / size
    seen = np.tensordot(temporal, sta, axes=1)
    return temporal, ndimage.gaussian_filter(seen, SMOOTHING, mode="constant")


def _region(seen: np.ndarray, near: np.ndarray) -> tuple[np.ndarray, float]:
    """Connected region of a map around its peak in `near`, and its border's part of the peak."""
    peak = np.unravel_index(np.argmax(np.where(near, seen, -np.inf)), seen.shape)
    # An STA of zeros, or a peak within noise: a region of the peak alone.
    level = min(max(LEVEL * seen[peak], 3 * noise_sd(seen)), seen[peak])
    labels, _ = ndimage.label(seen >= level)
    region = labels == labels[peak]
    return region, float(level / seen[peak]) if seen[peak] > 0 else 1.0


def _why_not(
    ellipse: Ellipse, detected: bool, pixel_size: float, settings: ReceptiveFieldSettings
) -> str:
    """Why there is no receptive field; empty if there is one."""
    if not detected:
        return "the STA's peak is within its noise"
    diameter = 2 * np.sqrt(pixel_size * ellipse.major * (pixel_size * ellipse.minor))
    low, high = settings.min_size, settings.max_size
    if not low <= diameter <= high:
        return f"its diameter is {diameter:.0f} µm, not from {low:g} to {high:g} µm"
    return ""


def _crop(ellipse: Ellipse, settings: ReceptiveFieldSettings, shape: tuple[int, int]) -> Window:
    """Window around an ellipse's centre, shifted to lie on the field: a square, if it has room."""
    odd = np.ceil(2 * settings.crop_reach * ellipse.major) // 2 * 2 + 1
    side = int(np.clip(odd, settings.min_crop, settings.max_crop))
    height, width = (min(side, room) for room in shape)
    y, x = (
        min(max(round(centre - (size - 1) / 2), 0), room - size)
        for centre, size, room in zip((ellipse.y, ellipse.x), (height, width), shape, strict=True)
    )
    return Window(y, x, height, width)


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
