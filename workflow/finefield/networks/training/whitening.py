"""Coordinates in which a correlated stimulus, such as images, is white as noise is."""

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from finefield.averages.fields.correlated import WHITE
from finefield.stimuli.movie import Stimulus

#: Variances below this part of their mean are not scaled up further: noise would be learned there.
RIDGE = 0.01
#: Blocks of frames, and patches, that covariances are taken from.
N_BLOCKS, BLOCK, N_PATCHES = 48, 2048, 20_000


def lag_covariance(
    stimulus: Stimulus, newest: np.ndarray, lags: int, mean: float, sd: float
) -> np.ndarray | None:
    """Covariance of a pixel's contrast with itself some frames before.

    Parameters
    ----------
    stimulus : Stimulus
        Movie on the cell's crop.
    newest : ndarray of int, shape (sample,)
        Newest stimulus frame of the training samples, whose frames alone are used.
    lags : int
        Frames of stimulus that a prediction uses.
    mean, sd : float
        The contrast is normalised as (contrast - mean) / sd.

    Returns
    -------
    ndarray of float64, shape (lag, lag), or None
        In units of the contrast's variance [1]; None for a stimulus that is white in time.
    """
    used = np.zeros(stimulus.n_frames, bool)
    used[newest] = True
    used[: lags - 1] = False  # their history is not whole
    step = max(1, stimulus.shape[1] * stimulus.shape[2] // 32)
    starts = np.arange(0, stimulus.n_frames, BLOCK)
    starts = starts[:: max(1, len(starts) // N_BLOCKS)]
    covariance, n_values = np.zeros((lags, lags)), 0
    for start in starts:
        first = max(0, start - lags + 1)
        frames = stimulus.frames(first, start + BLOCK)
        pixels = (frames.reshape(len(frames), -1)[:, ::step] - mean) / sd
        last = np.flatnonzero(used[start : start + BLOCK]) + start - first
        past = np.stack([pixels[last - lag].ravel() for lag in range(lags)])
        covariance += past @ past.T
        n_values += past.shape[1]
    covariance /= max(n_values, 1)
    return None if abs(np.diag(covariance, 1).mean()) < WHITE else covariance


def pixel_whitening(
    inputs, newest: torch.Tensor, size: tuple[int, int], stride: int
) -> np.ndarray | None:
    """Symmetric matrix that makes the pixels under a filter uncorrelated and of equal variance.

    Parameters
    ----------
    inputs : Projected or Lagged
        The stimulus as a network sees it.
    newest : Tensor of int, shape (sample,)
        Newest stimulus frame of the training samples.
    size : (int, int)
        Rows and columns of the filters [pixels].
    stride : int
        Step between a filter's positions [pixels].

    Returns
    -------
    ndarray of float64, shape (pixel, pixel), or None
        The inverse square root of their covariance, over samples, positions and channels, in units
        of their mean variance [1]; None if pixels are white.

    Notes
    -----
    Zero-phase whitening (Bell & Sejnowski 1997, Vision Res. 37:3327). See `RIDGE`.
    """
    shape = inputs.batch(newest[:1]).shape[1:3]
    n_places = np.prod([(side - one) // stride + 1 for side, one in zip(shape, size, strict=True)])
    n_samples = min(len(newest), max(2000, N_PATCHES // int(n_places)))
    chosen = torch.linspace(0, len(newest) - 1, n_samples, device=newest.device).long()
    n_pixels = size[0] * size[1]
    covariance, n_patches = np.zeros((n_pixels, n_pixels)), 0
    for part in chosen.split(500):
        seen = inputs.batch(newest[part]).cpu().numpy()
        views = sliding_window_view(seen, size, axis=(1, 2))[:, ::stride, ::stride]
        patches = views.reshape(-1, n_pixels)
        covariance += patches.T @ patches
        n_patches += len(patches)
    covariance /= n_patches
    covariance /= max(np.trace(covariance) / n_pixels, 1e-300)
    pixel = np.arange(n_pixels).reshape(size)
    beside = covariance[pixel[:, 1:], pixel[:, :-1]], covariance[pixel[1:], pixel[:-1]]
    beside = np.concatenate([part.ravel() for part in beside])
    if abs(beside.sum()) < WHITE * max(1, len(beside)):
        return None
    variance, axes = np.linalg.eigh(covariance)
    return axes * np.maximum(variance, RIDGE) ** -0.5 @ axes.T
