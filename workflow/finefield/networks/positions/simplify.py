"""Fewer filters: those that are not missed go, and those that work together become one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from finefield.networks.positions.filters import Filters
from finefield.networks.positions.joining import Pair, copies, joinable, sum_of
from finefield.networks.positions.pooling import fit_pooling, least_gain
from finefield.networks.positions.sample import Sample
from finefield.networks.scoring import AT_ONCE, Scored, removable

#: Filters of a smaller weight, in that of the largest, are dropped.
LEAST_WEIGHT = 1e-6


@dataclass(frozen=True)
class Fitted:
    """Filters with their drives (sample, filter), and the pooling fitted to these."""

    filters: Filters
    drives: torch.Tensor
    scored: Scored

    @classmethod
    def of(cls, filters: Filters, drives: torch.Tensor, sample: Sample) -> "Fitted":
        """Fit the pooling and drop the filters that it gives no weight."""
        pooling, scored = fit_pooling(drives, sample, filters.pooling)
        used = pooling.used(LEAST_WEIGHT)
        filters = replace(filters, pooling=pooling)
        if not used.all():
            return cls.of(filters.keeping(used), drives[:, torch.from_numpy(used)], sample)
        return cls(filters, drives, scored)

    def without(self, gone: Sequence[int], sample: Sample) -> "Fitted":
        """Without some filters."""
        kept = np.setdiff1d(np.arange(len(self.filters)), gone)
        return Fitted.of(self.filters.keeping(kept), self.drives[:, torch.from_numpy(kept)], sample)

    def joined(self, pairs: Sequence[Pair], sample: Sample) -> "Fitted":
        """Pairs as one filter each."""
        image, drives = self.filters.image.clone(), self.drives.clone()
        weight, scaled = self.filters.pooling.weight.copy(), self.filters.scaled()
        for one, other, own in pairs:
            drives[:, one], norm = sum_of(self.filters, self.drives.T, one, other)
            image[one], weight[one] = (scaled[one] + scaled[other]) / norm, own
        pooling = replace(self.filters.pooling, weight=weight)
        kept = np.setdiff1d(np.arange(len(weight)), [other for _, other, _ in pairs])
        filters = replace(self.filters, image=image, pooling=pooling).keeping(kept)
        return Fitted.of(filters, drives[:, torch.from_numpy(kept)], sample)


def simplify(
    filters: Filters,
    sample: Sample,
    join: bool = True,
    part: float = 1.0,
    nonlinearity: bool = False,
) -> Filters:
    """Remove and join filters as long as the likelihood hardly falls.

    Parameters
    ----------
    filters : Filters
        Filters to choose from.
    sample : Sample
        Samples that the likelihood is of.
    join : bool
        Whether filters are joined too.
    part : float
        Part of `least_gain` that a filter must gain.
    nonlinearity : bool
        Whether exponent and threshold are fitted before.

    Returns
    -------
    Filters
        At least one if any raises the rate, the pooling fitted. Each filter that went, or was
        joined, lowered the log likelihood by less. Copies are joined whatever they gain: with two
        thresholds or weights, a filter stands for another nonlinearity, and not for another
        subunit.
    """
    drives = sample.drives(filters.image)
    now = Fitted.of(filters.refitted(drives, sample) if nonlinearity else filters, drives, sample)
    least = part * least_gain(now.scored.loss, sample)
    while join and (pairs := copies(now.filters)):
        now = now.joined(pairs, sample)
    while len(now.filters) > 1:
        for candidate in _candidates(now, sample, least, join):
            fewer = len(now.filters) - len(candidate.filters)
            if candidate.scored.loss - now.scored.loss < least * fewer:
                now = candidate
                break
        else:
            break
    return now.filters


def _candidates(now: Fitted, sample: Sample, least: float, join: bool) -> Iterator[Fitted]:
    """Simpler filters, the largest changes first."""
    gone = [number for number, _ in removable(now.scored, len(now.filters), 1, least)]
    if len(gone) > 1:
        yield now.without(gone, sample)
    pairs = joinable(now.filters, now.drives, sample, least, AT_ONCE) if join else []
    if len(pairs) > 1:
        yield now.joined(pairs, sample)
    if gone:
        yield now.without(gone[:1], sample)
    if pairs:
        yield now.joined(pairs[:1], sample)
