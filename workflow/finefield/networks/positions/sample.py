"""Samples that a fit sees: all with spikes, and those silent ones that a first model expects."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

#: Samples that are worked on at once.
CHUNK = 8192


@dataclass(frozen=True)
class Sample:
    """Filtered stimulus, spikes and weights of some samples.

    Attributes
    ----------
    seen : Tensor of float32, shape (sample, function, pixel)
        The stimulus through each temporal function [1].
    count : Tensor of float32, shape (sample,)
        Spikes.
    weight : Tensor of float32, shape (sample,)
        How many samples each stands for, times the drift of the cell's rate.
    """

    seen: torch.Tensor
    count: torch.Tensor
    weight: torch.Tensor

    @property
    def spikes(self) -> float:
        """Number of spikes."""
        return float(self.count.sum())

    @property
    def log_rate(self) -> float:
        """Logarithm of the mean spikes per frame."""
        return float(np.log(self.spikes / float(self.weight.double().sum())))

    def chunks(self) -> Iterator[slice]:
        """Slices of `CHUNK` samples."""
        return (slice(at, at + CHUNK) for at in range(0, len(self.count), CHUNK))

    def drives(self, filters: torch.Tensor) -> torch.Tensor:
        """What filters (filter, function, pixel) give, (sample, filter)."""
        flat = filters.flatten(1).T.contiguous()
        return torch.cat([self.seen[part].flatten(1) @ flat for part in self.chunks()])

    def turned(self, turn: torch.Tensor) -> "Sample":
        """The same through other functions, `turn` (new function, function) times these."""
        seen = turn @ self.seen
        return Sample(seen, self.count, self.weight)

    def leading(self) -> "Sample":
        """The same through the first temporal function alone."""
        return Sample(self.seen[:, :1], self.count, self.weight)


def chances(expected: np.ndarray, fired: np.ndarray, per_spike: float) -> np.ndarray:
    """Probability with which each sample is drawn.

    Parameters
    ----------
    expected : ndarray, shape (sample,)
        Spikes per frame that a first model expects.
    fired : ndarray of bool, shape (sample,)
        Samples with spikes, which are always drawn.
    per_spike : float
        Silent samples drawn for each spike, about.

    Returns
    -------
    ndarray of float64, shape (sample,)

    Notes
    -----
    A silent frame tells as much as spikes are expected in it. Where they are drawn in proportion,
    the silent frames add a variance of at most 1 / `per_spike` of the estimates' own.

    Examples
    --------
    >>> chances(np.array([0.01, 0.03]), np.array([False, True]), 10.0)
    array([0.15, 1.  ])
    """
    chance = np.clip(per_spike * (expected + expected.mean()) / 2, 0, 1)
    return np.where(fired, 1.0, chance)
