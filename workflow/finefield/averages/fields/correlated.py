"""Averages of stimuli that are correlated, or of few pixels: their noise, and maps made white.

Neighbouring pixels of images or bars go together, so that the average of a cell is smeared over the
field, and no part of the field is left to tell the noise. Averages of spikes that are shifted
against the stimulus have the noise alone.
"""

import numpy as np

from finefield.stimuli.movie import Stimulus

#: A stimulus whose neighbouring frames or pixels correlate less than this counts as white.
WHITE = 0.1
#: A field of fewer pixels has too little without receptive field to tell the noise from.
FEW_PIXELS = 100
#: Shifts of the spikes that give the noise.
N_SHIFTS = 16
#: Variances of the signal that are tried, as parts of the largest that the map allows.
SIGNALS = np.logspace(-6, 0, 61)


def is_white(stimulus: Stimulus) -> bool:
    """Whether neighbouring frames and pixels of a movie are uncorrelated.

    Examples
    --------
    >>> from finefield.stimuli.noise import binary_noise
    >>> noise = binary_noise(np.random.default_rng(1), 4000, 4, 4)
    >>> held = type(noise).from_frames(np.repeat(noise.frames() > 0, 2, axis=0))
    >>> is_white(noise), is_white(held)
    (True, False)
    """
    frames = stimulus.frames().astype(float)
    frames -= frames.mean(0)
    energy = (frames**2).mean()
    sides = [
        (np.delete(frames, -1, axis) * np.delete(frames, 0, axis)).mean()
        for axis in range(3)
        if frames.shape[axis] > 1
    ]
    return bool(energy > 0 and max(np.abs(sides), default=0) < WHITE * energy)


def shifted(count: np.ndarray) -> list[np.ndarray]:
    """Counts (sample,), shifted against the samples by evenly spread amounts."""
    step = len(count) / (N_SHIFTS + 1)
    return [np.roll(count, round(step * (number + 1))) for number in range(N_SHIFTS)]


def spatial_covariance(stimulus: Stimulus) -> np.ndarray:
    """Covariance (pixel, pixel) of a movie's contrast, of every frame with itself [1]."""
    total = np.prod(stimulus.shape[1:])
    first, second = np.zeros(total), np.zeros((total, total))
    for _, frames in stimulus.blocks(history=0):
        pixels = frames.reshape(len(frames), -1).astype(float)
        first += pixels.sum(0)
        second += pixels.T @ pixels
    mean = first / stimulus.n_frames
    return second / stimulus.n_frames - np.outer(mean, mean)


def whiten(image: np.ndarray, null: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """The spatial filter behind a map that the stimulus' correlations have smeared.

    Parameters
    ----------
    image : ndarray, shape (y, x)
        Average seen through a time course [1].
    null : ndarray, shape (shift, y, x)
        The same of shifted spikes, which is noise.
    covariance : ndarray, shape (pixel, pixel)
        Of the stimulus, as from `spatial_covariance`.

    Returns
    -------
    ndarray of float64, shape (1 + shift, y, x)
        The map and those of shifted spikes, treated alike.

    Notes
    -----
    An average is the filter times the covariance, with noise of the same covariance (Theunissen et
    al. 2001, Network 12:289). The inverse is ridge regression; the ridge is the ratio of the
    noise's variance, from `null`, to the filter's, which makes the map most likely.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> smear = np.exp(-abs(np.subtract.outer(np.arange(20), np.arange(20))) / 5)
    >>> noise = 0.02 * np.linalg.cholesky(smear) @ rng.standard_normal((20, 9))
    >>> seen, *null = (noise + np.outer(smear[8], np.arange(9) == 0)).T
    >>> found = whiten(seen[None], np.stack(null)[:, None], smear)[0, 0]
    >>> int(found.argmax()), round(float(np.linalg.norm(found[[6, 7, 9, 10]]) / found[8]), 1)
    (8, 0.1)
    """
    variance, axes = np.linalg.eigh(covariance)
    variance = np.maximum(variance, 1e-9 * variance[-1])
    along = np.concatenate([image[None], null]).reshape(1 + len(null), -1) @ axes
    noise = (along[1:] ** 2).sum() / (len(null) * variance.sum()) * variance
    power = along[0] ** 2
    signals = SIGNALS * max((power / variance**2).max(), np.finfo(float).tiny)
    expected = signals[:, None] * variance**2 + noise
    likelihood = -0.5 * (np.log(expected) + power / expected).sum(1)
    signal = signals[np.argmax(likelihood)] * variance
    return (along * signal / (signal * variance + noise) @ axes.T).reshape(-1, *image.shape)
