"""A cell's receptive field: centre, ellipse and crop, found on the whole field's STA.

The STA, smoothed in space and time, has its peak in the receptive field. The best product of space
and time around this peak has a temporal part; the whole STA seen through it is a map of one value
per pixel. The receptive field is the connected region around the map's peak above a fifth of the
peak and 3 SD of noise, found twice: the second time with the temporal part of the whole first
region. Its second moments make the ellipse.

The noise is that of the whole field. Where the stimulus is correlated, or the field of few pixels,
the noise is that of shifted spikes, and the map is made white.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage
from scipy.special import ndtri

from finefield.averages.ellipse import Ellipse
from finefield.averages.fields.correlated import (
    FEW_PIXELS,
    is_white,
    shifted,
    spatial_covariance,
)
from finefield.averages.fields.region import (
    SMOOTHING,
    around,
    map_through,
    noise_of,
    peak_snr,
    polarity_of,
    region_of,
)
from finefield.averages.ln import linear_drive, ln_of_drive
from finefield.averages.separation import separate
from finefield.averages.settings import ReceptiveFieldSettings
from finefield.averages.slip import frame_slip, slip_in_words
from finefield.averages.sta import field_averages
from finefield.responses.responses import Responses
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window

log = logging.getLogger(__name__)

#: What to do about parts of a recording that are apart in their frames.
TRIGGERS = "look for frame triggers missing or too many, at pauses too; import_recording logs gaps"
#: Probability that the peak of an average of mere noise counts as a receptive field.
FALSE_ALARM = 1e-3
#: Part of a correlated stimulus on which its receptive field is sought, around the peak [pixels].
REACH = 20
#: Pixels along a side, and frames, on which a stimulus is looked at for correlations.
SAMPLE_SIDE, SAMPLE_FRAMES = 8, 5000
#: Frames that its covariance is taken from, at most.
COVARIANCE_FRAMES = 20_000
#: Why there is none, if that is not due to its size.
WITHIN_NOISE = "the STA's peak is within its noise"


@dataclass(frozen=True)
class ReceptiveField:
    """Receptive field of one cell.

    Attributes
    ----------
    ellipse : Ellipse
        On the stimulus field; semi-axes and angle are NaN if there is no receptive field.
    crop : Window
        As given; or around the centre, sized from the ellipse and shifted to lie on the field, a
        square if that has room.
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
    read_crop: Callable[..., Stimulus],
    responses: Responses,
    lags: int,
    field: tuple[int, int],
    pixel_size: float,
    settings: ReceptiveFieldSettings,
    crop: Window | None = None,
) -> ReceptiveField:
    """Find a cell's receptive field and polarity from its responses.

    Parameters
    ----------
    bands : iterable of Stimulus
        Training sequence in bands of rows, as for `sta.field_average`.
    mean : float
        Its mean contrast over the whole field [1].
    read_crop : callable
        Training sequence on a window; with ``n_frames``, its first frames.
    responses : Responses
        Responses to it.
    lags : int
        Number of frames, the newest included.
    field : (int, int)
        Rows and columns of the stimulus field.
    pixel_size, settings
        As for `locate`.
    crop : Window or None
        Where the cell looks, if that is known: the receptive field is sought there, and believed.

    Returns
    -------
    ReceptiveField
    """
    newest, count = responses.samples(lags)
    sample = read_crop(_middle(field), n_frames=SAMPLE_FRAMES)
    plain = is_white(sample) and np.prod(field) >= FEW_PIXELS
    trains = [count] if plain else [count, *shifted(count)]
    stas = field_averages(bands, newest, trains, lags) - mean
    if not plain:
        # Shifted spikes see each pixel's mean, which bars and images need not have in common.
        stas -= stas[1:].mean(0)
    log.info("%d spikes averaged", count.sum())
    found = locate(stas, pixel_size, settings, None if plain else read_crop, crop)
    if found.reason:
        log.info("cell dropped: no receptive field: %s", found.reason)
    temporal, spatial, _ = separate(stas[0][:, *found.crop.slices])
    movie = read_crop(found.crop)
    drive = linear_drive(movie, temporal, spatial)
    ln = ln_of_drive(drive, newest, count, temporal, spatial, responses.frame_rate)
    polarity = "ON-OFF" if ln.on_off_index >= settings.on_off_index else found.polarity
    slip = frame_slip(drive, newest, count)
    if slip:
        log.warning("parts of the recording are %s frame(s) apart. Fix: %s", slip_in_words(slip),
                    TRIGGERS)  # fmt: skip
    return replace(found, polarity=polarity, on_off_index=ln.on_off_index, slip=slip)


def _middle(field: tuple[int, int]) -> Window:
    """A window in the middle of the field, on which to look at the stimulus."""
    height, width = (min(side, SAMPLE_SIDE) for side in field)
    return Window((field[0] - height) // 2, (field[1] - width) // 2, height, width)


def locate(
    stas: np.ndarray,
    pixel_size: float,
    settings: ReceptiveFieldSettings,
    read_crop: Callable[..., Stimulus] | None = None,
    crop: Window | None = None,
) -> ReceptiveField:
    """Find the receptive field on the whole field's STA.

    Parameters
    ----------
    stas : ndarray, shape (1 + shift, lag, y, x)
        Spike-triggered average on the whole field, lag 0 the newest frame [1]; and those of shifted
        spikes, which tell the noise where the field cannot.
    pixel_size : float
        Side of a stimulus pixel [µm].
    settings : ReceptiveFieldSettings
        How it is sought, and which one is believed.
    read_crop : callable, optional
        A correlated stimulus on a window; the map is made white there.
    crop : Window, optional
        Where the receptive field is sought and believed.

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
    >>> small = ReceptiveFieldSettings(min_size=30, max_size=600, min_crop=8)
    >>> field = locate(sta[None], 30, small)
    >>> field.polarity, field.crop, round(field.ellipse.major), round(field.ellipse.minor)
    ('OFF', Window(y=10, x=17, height=11, width=11), 2, 2)
    """
    shape = stas.shape[2:]
    stas = np.asarray(stas if crop is None else stas[:, :, *crop.slices], np.float64)
    peak, height = detect(stas)
    detected = height > threshold(stas[0].size)
    part = crop or Window(0, 0, *shape)
    if read_crop is not None and crop is None:
        part, (y, x) = _near(peak, shape), peak
        stas, peak = stas[:, :, *part.slices], (y - part.y, x - part.x)
    covariance = None
    if read_crop is not None:
        covariance = spatial_covariance(read_crop(part, n_frames=COVARIANCE_FRAMES))
    region = around(peak, int(np.ceil(2 * SMOOTHING)), stas.shape[2:])
    for _ in range(2):
        temporal, seen = map_through(stas, region, covariance)
        region, level = region_of(seen, region)
    ellipse = Ellipse.of_region(seen[0], region, level, SMOOTHING).shifted(part.y, part.x)
    reason = "" if crop else _why_not(ellipse, detected, pixel_size, settings, shape)
    unknown = dict.fromkeys(("major", "minor", "angle"), float("nan")) if reason else {}
    return ReceptiveField(
        ellipse=replace(ellipse, **unknown),
        crop=crop or _crop(ellipse, settings, shape),
        snr=peak_snr(stas, region),
        polarity=polarity_of(temporal),
        reason=reason,
    )


def _near(peak: tuple, shape: tuple[int, int]) -> Window:
    """Window of the field that reaches `REACH` pixels from a peak."""
    first = [max(0, place - REACH) for place in peak]
    last = [min(side, place + REACH + 1) for place, side in zip(peak, shape, strict=True)]
    return Window(*map(int, first), *(int(b - a) for a, b in zip(first, last, strict=True)))


def detect(stas: np.ndarray) -> tuple[tuple[int, int], float]:
    """Peak of a smoothed STA.

    Parameters
    ----------
    stas : ndarray, shape (1 + shift, lag, y, x)
        As for `locate`.

    Returns
    -------
    peak : (int, int)
        Its row and column.
    height : float
        Its magnitude, in SD of noise; infinite if there is no noise.
    """
    # Zeros beyond the border: noise is never larger there than inside.
    smooth = ndimage.gaussian_filter(stas, (0, 1.0, SMOOTHING, SMOOTHING), mode="constant")
    peak = np.unravel_index(np.argmax(np.abs(smooth[0])), smooth[0].shape)
    size, noise = abs(smooth[0][peak]), noise_of(smooth)
    return peak[1:], float(size / noise) if noise else float(np.inf if size else 0)


def threshold(size: int, false_alarm: float = FALSE_ALARM) -> float:
    """Height that the peak of an STA of so many values of mere noise hardly reaches, in its SD."""
    return float(-ndtri(false_alarm / (2 * size)))


def _why_not(
    ellipse: Ellipse,
    detected: bool,
    pixel_size: float,
    settings: ReceptiveFieldSettings,
    shape: tuple[int, int],
) -> str:
    """Why there is no receptive field; empty if there is one."""
    if not detected:
        return WITHIN_NOISE
    if min(shape) == 1:
        # A side of one pixel says nothing about size.
        diameter = 2 * pixel_size * ellipse.major if max(shape) > 1 else float("nan")
    else:
        diameter = 2 * np.sqrt(pixel_size * ellipse.major * (pixel_size * ellipse.minor))
    low, high = settings.min_size, settings.max_size
    if diameter < low or diameter > high:
        return f"its diameter is {diameter:.0f} µm, not from {low:g} to {high:g} µm"
    return ""


def _crop(ellipse: Ellipse, settings: ReceptiveFieldSettings, shape: tuple[int, int]) -> Window:
    """Window around an ellipse's centre, shifted to lie on the field: a square, if it has room."""
    odd = np.ceil(2 * settings.crop_reach * ellipse.major) // 2 * 2 + 1
    side = int(np.clip(odd, settings.min_crop, settings.max_crop))
    sizes = tuple(min(side, room) for room in shape)
    return Window.around((ellipse.y, ellipse.x), sizes, shape)
