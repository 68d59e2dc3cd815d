"""Samples that a fit sees: all with spikes, and those silent ones that a first model expects."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

#: Samples that are worked on at once.
CHUNK = 2048


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
    turn : Tensor of float32, shape (function, function), optional
        Filters lie on the functions that are `turn` times those of `seen`.
    """

    seen: torch.Tensor
    count: torch.Tensor
    weight: torch.Tensor
    turn: torch.Tensor | None = None

    @property
    def spikes(self) -> float:
        """Number of spikes."""
        return float(self.count.sum())

    @property
    def log_rate(self) -> float:
        """Logarithm of the mean spikes per frame."""
        return float(np.log(self.spikes / float(self.weight.double().sum())))

    @property
    def n_functions(self) -> int:
        """Number of temporal functions."""
        return self.seen.shape[1]

    def chunks(self) -> Iterator[slice]:
        """Slices of `CHUNK` samples."""
        return (slice(at, at + CHUNK) for at in range(0, len(self.count), CHUNK))

    def part(self, part: slice) -> "Sample":
        """Some of the samples."""
        seen, count, weight = self.seen[part], self.count[part], self.weight[part]
        return replace(self, seen=seen, count=count, weight=weight)

    def drives(self, filters: torch.Tensor) -> torch.Tensor:
        """What filters on the first functions (filter, function, pixel) give, (sample, filter)."""
        # Filters are turned instead of the samples, which are a thousand times as large.
        own = filters if self.turn is None else on_functions(filters, self.turn)
        return product(self.seen[:, : own.shape[1]].flatten(1), own.flatten(1).T)

    def by_filters(self, by_drives: torch.Tensor) -> torch.Tensor:
        """Derivatives by filters (filter, function, pixel) of a sum over samples.

        Those by the drives are `by_drives` (sample, filter).
        """
        by_seen = product(by_drives.T, self.seen.flatten(1)).unflatten(1, self.seen.shape[1:])
        return by_seen if self.turn is None else torch.einsum("nf,kfp->knp", self.turn, by_seen)

    def through(self, profiles: torch.Tensor) -> torch.Tensor:
        """What profiles (filter, pixel) see through each function (sample, filter, function)."""
        seen = torch.stack([product(one, profiles.T) for one in self.seen.unbind(1)], 2)
        return seen if self.turn is None else seen @ self.turn.T

    def turned(self, turn: torch.Tensor) -> "Sample":
        """The same through other functions, `turn` (new function, function) times these."""
        return replace(self, turn=turn if self.turn is None else turn @ self.turn)

    def leading(self) -> "Sample":
        """The same through the first temporal function alone."""
        if self.turn is None:
            return replace(self, seen=self.seen[:, :1])
        seen = np.einsum("f,sfp->sp", self.turn[0].numpy(), self.seen.numpy())
        return replace(self, seen=torch.from_numpy(seen)[:, None], turn=None)


def on_functions(filters: torch.Tensor, turn: torch.Tensor) -> torch.Tensor:
    """Filters on some functions from those on others.

    Parameters
    ----------
    filters : Tensor, shape (filter, new function, pixel)
        Filters on the first new functions, or on all of them.
    turn : Tensor, shape (new function, function)
        What gives the new functions from the others.

    Returns
    -------
    Tensor, shape (filter, function, pixel)
    """
    return torch.einsum("nf,knp->kfp", turn[: filters.shape[1]], filters)


def product(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Matrix product, by NumPy: a product with its own transpose takes half of PyTorch's time."""
    return torch.from_numpy(one.numpy() @ other.numpy())


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
