"""The stimulus as a network sees it: normalised, on a temporal basis or lag by lag."""

import numpy as np
import torch

from finefield.stimuli.filtering import TimeFilter
from finefield.stimuli.movie import Stimulus


class Projected:
    """A movie projected once on a few temporal functions, kept in half precision.

    Half precision rounds each value by at most one part in 2048, and lets the projections of a
    recording of hours fit in memory.

    Parameters
    ----------
    stimulus : Stimulus
        Movie on the cell's crop.
    basis : ndarray of float32, shape (function, lag)
        Orthonormal temporal basis.
    mean, sd : float
        The contrast is normalised as (contrast - mean) / sd.
    device : torch.device or str
        Where batches are made.
    """

    def __init__(self, stimulus: Stimulus, basis: np.ndarray, mean: float, sd: float, device="cpu"):
        self.channels = len(basis)
        self._shape = (*stimulus.shape[1:], len(basis))
        self._values = torch.from_numpy(project(stimulus, basis, mean, sd)).flatten(1).to(device)

    def batch(self, newest: torch.Tensor) -> torch.Tensor:
        """Input of samples with these newest frames, float32 (sample, y, x, channel)."""
        return self._values.index_select(0, newest).float().view(-1, *self._shape)


class Lagged:
    """A movie of which each sample sees its last frames as channels, gathered batch by batch.

    Parameters are those of `Projected`, with a number of lags instead of a basis.
    """

    def __init__(self, stimulus: Stimulus, lags: int, mean: float, sd: float, device="cpu"):
        self.channels = lags
        self._shape = (lags, *stimulus.shape[1:])
        frames = torch.from_numpy(stimulus.frames()).sub_(mean).div_(sd)
        self._frames = frames.flatten(1).to(device)
        self._lags = torch.arange(lags, device=device)

    def batch(self, newest: torch.Tensor) -> torch.Tensor:
        """Input of samples with these newest frames, float32 (sample, y, x, lag)."""
        frames = (newest[:, None] - self._lags).flatten()
        return self._frames.index_select(0, frames).view(-1, *self._shape).permute(0, 2, 3, 1)


def shuffle_pixels(inputs: torch.Tensor, fraction: float) -> torch.Tensor:
    """Exchange a random part of the pixels of each sample among themselves.

    Parameters
    ----------
    inputs : Tensor, shape (sample, y, x, channel)
        Inputs, as from ``batch``.
    fraction : float
        Part of the pixels, from 0 to 1, other ones in every sample; each takes another's place.

    Returns
    -------
    Tensor, shape (sample, y, x, channel)

    Examples
    --------
    >>> pixels = torch.arange(4.0).view(1, 2, 2, 1)
    >>> sorted(shuffle_pixels(pixels, 1.0).flatten().tolist())
    [0.0, 1.0, 2.0, 3.0]
    """
    pixels = inputs.flatten(1, 2)
    n_samples, n_pixels, channels = pixels.shape
    order = torch.rand((n_samples, n_pixels), device=inputs.device).argsort(1)
    chosen = order[:, : round(fraction * n_pixels)]
    source = torch.arange(n_pixels, device=inputs.device).repeat(n_samples, 1)
    source.scatter_(1, chosen, chosen.roll(1, 1))
    return pixels.gather(1, source[..., None].expand(-1, -1, channels)).view_as(inputs)


def project(
    stimulus: Stimulus, basis: np.ndarray, mean: float = 0.0, sd: float = 1.0
) -> np.ndarray:
    """Filter every pixel of a movie with each temporal function.

    Parameters
    ----------
    stimulus : Stimulus
        A movie; its normalised contrast before the first frame is taken as 0.
    basis : ndarray, shape (function, lag)
        Temporal functions, lag 0 first.
    mean, sd : float
        The contrast is normalised as (contrast - mean) / sd.

    Returns
    -------
    ndarray of float16, shape (frame, y, x, function)
        Projection with each frame as the newest.

    Examples
    --------
    >>> from finefield.stimuli.movie import BinaryStimulus
    >>> movie = BinaryStimulus.from_frames(np.array([[[1]], [[0]], [[1]]]))
    >>> project(movie, np.array([[1.0, 0.5]])).ravel().tolist()
    [1.0, -0.5, 0.5]
    """
    size, in_time = 2048, TimeFilter(basis.astype(np.float32))
    _, height, width = stimulus.shape
    projected = torch.empty((stimulus.n_frames, height * width, len(basis)), dtype=torch.float16)
    for start, frames in stimulus.blocks(history=in_time.history, size=size):
        before = min(start, in_time.history)
        seen = in_time.normalised(frames, before, len(frames) - before, mean, sd)
        # PyTorch rounds to half precision in half of NumPy's time.
        projected[start : start + size] = torch.from_numpy(seen).transpose(1, 2)
    return projected.view(-1, height, width, len(basis)).numpy()
