"""Fewer filters: those that are not missed go, and those that work together become one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from finefield.networks.positions.filters import Filters
from finefield.networks.positions.pooling import (
    TINY,
    Pooling,
    fit_pooling,
    nats,
    output_curvature,
)
from finefield.networks.positions.sample import Sample
from finefield.networks.scoring import Scored, fisher_scoring

#: A filter is kept if it raises the log likelihood by so many nats, and so many more a spike. By
#: chance, the best of a hundred places, with a width of its own, gains the first once in twenty
#: cells; the second is about what a softplus misses of another output.
LEAST_GAIN, LEAST_GAIN_PER_SPIKE = 10.0, 0.001
#: Filters of a smaller weight, in that of the largest, are dropped.
LEAST_WEIGHT = 1e-6
#: Largest part of the filters that goes, or is joined, at once.
AT_ONCE = 0.3
#: Samples on which pairs are compared, at most.
MOST_COMPARED = 30_000
#: Pairs are compared by a quadratic approximation first, and go on if it costs less than this
#: multiple of what it may cost.
ROUGH = 2.0
#: Pairs whose squared profiles, blurred by a pixel, have a lower cosine are not neighbours: what is
#: missing at the edge of a filter may have the other sign.
NEIGHBOURS = 0.1


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

    def joined(self, pairs: Sequence[tuple[int, int, float]], sample: Sample) -> "Fitted":
        """Pairs, as from `joinable`, as one filter each."""
        image, drives = self.filters.image.clone(), self.drives.clone()
        weight, scaled = self.filters.pooling.weight.copy(), self.filters.scaled()
        for one, other, own in pairs:
            drives[:, one], norm = _sum(self, self.drives, one, other)
            image[one], weight[one] = (scaled[one] + scaled[other]) / norm, own
        pooling = replace(self.filters.pooling, weight=weight)
        kept = np.setdiff1d(np.arange(len(weight)), [other for _, other, _ in pairs])
        filters = replace(self.filters, image=image, pooling=pooling).keeping(kept)
        return Fitted.of(filters, drives[:, torch.from_numpy(kept)], sample)


def least_gain(sample: Sample) -> float:
    """Least rise of the log likelihood for which a filter is kept [nats]."""
    return LEAST_GAIN + LEAST_GAIN_PER_SPIKE * sample.spikes


def simplify(filters: Filters, sample: Sample, join: bool = True, part: float = 1.0) -> Filters:
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

    Returns
    -------
    Filters
        At least one, the pooling fitted. Each filter that went, or was joined, lowered the log
        likelihood by less.
    """
    least = part * least_gain(sample)
    now = Fitted.of(filters, sample.drives(filters.image), sample)
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
    gone = removable(now, least)
    if len(gone) > 1:
        yield now.without(gone, sample)
    pairs = joinable(now, sample, least) if join else []
    if len(pairs) > 1:
        yield now.joined(pairs, sample)
    if gone:
        yield now.without(gone[:1], sample)
    if pairs:
        yield now.joined(pairs[:1], sample)


def removable(now: Fitted, most: float) -> list[int]:
    """Filters whose removal is expected to cost less than `most` nats each, the cheapest first.

    By the quadratic approximation of the loss, with the weights of the others adapting (Hassibi
    and Stork 1993, optimal brain surgeon).
    """
    n = len(now.filters)
    used = np.ones(len(now.scored.parameters), bool)
    used[-1] = False
    information = now.scored.information(used)
    covariance = np.linalg.inv(information + 1e-9 * np.diag(np.diag(information)))
    weight, gone = now.filters.pooling.weight.copy(), []
    while len(gone) < max(1, AT_ONCE * n):
        cost = weight**2 / np.maximum(np.diag(covariance)[:n], 1e-300) / 2
        cost[gone] = np.inf
        one = int(cost.argmin())
        if cost[one] > most:
            break
        effect = covariance[:, one] / covariance[one, one]
        weight = weight - effect[:n] * weight[one]
        covariance = covariance - np.outer(effect, covariance[one])
        gone.append(one)
    return gone


def joinable(now: Fitted, sample: Sample, most: float) -> list[tuple[int, int, float]]:
    """Pairs of neighbours whose sum is as good as the two, the cheapest first.

    Parameters
    ----------
    now : Fitted
        Filters, drives and pooling.
    sample : Sample
        Samples that the likelihood is of; some of them are compared.
    most : float
        What the sum may cost [nats].

    Returns
    -------
    list of (int, int, float)
        Two filters, and the weight of their sum; no filter is in two pairs.
    """
    pooling, every = now.filters.pooling, max(1, len(sample.count) // MOST_COMPARED)
    few = Sample(sample.seen[:0], sample.count[::every], sample.weight[::every])
    drives = now.drives[::every]
    rectified = pooling.rectified(drives)
    summed, size = pooling.summed(rectified), sample.spikes / max(few.spikes, 1.0)
    least, costs = nats(pooling.log_rate(summed), few), []
    slopes = _slopes(pooling, summed, few)
    for one, other in _neighbours(now.filters):
        both = [one, other]
        gone = rectified[:, both] @ torch.from_numpy(pooling.weight[both]).float()
        drive, norm = _sum(now, drives, one, other)
        joint = pooling.rectified(drive)
        if size * _rough_cost(gone, joint, *slopes) < ROUGH * most:
            cost, weight = _refit(pooling, summed - gone, joint, norm, few)
            costs.append((size * (cost - least), one, other, weight))
    found, used = [], set()
    for cost, one, other, weight in sorted(costs):
        if cost > most or len(found) >= max(1, AT_ONCE * len(now.filters)):
            break
        if not {one, other} & used:
            found.append((one, other, weight))
            used |= {one, other}
    return found


def _neighbours(filters: Filters) -> np.ndarray:
    """Pairs (pair, 2) of filters that lie beside each other."""
    profile = filters.spatial().view(-1, 1, *filters.shape).square()
    blurred = torch.nn.functional.avg_pool2d(profile, 3, 1, 1).flatten(1)
    blurred = blurred / (blurred.norm(dim=1, keepdim=True) + 1e-12)
    return np.argwhere(np.tril((blurred @ blurred.T).numpy() > NEIGHBOURS, -1))


def _sum(now: Fitted, drives: torch.Tensor, one: int, other: int) -> tuple[torch.Tensor, float]:
    """Drive (sample,) of the sum of two filters, of unit norm, and the norm before."""
    pooling = now.filters.pooling
    size = pooling.weight[[one, other]] ** (1 / pooling.exponent)
    image = now.filters.image[[one, other]]
    norm = float(np.linalg.norm(np.tensordot(size, image.numpy(), axes=1)))
    return drives[:, [one, other]] @ torch.from_numpy(size / norm).float(), norm


def _slopes(
    pooling: Pooling, summed: torch.Tensor, sample: Sample
) -> tuple[torch.Tensor, torch.Tensor]:
    """First and expected second derivatives (sample,) of the loss by what the softplus sees."""
    expected = sample.weight * pooling.log_rate(summed).exp()
    ratio = torch.sigmoid(summed) / (torch.nn.functional.softplus(summed) + TINY)
    return (expected - sample.count) * ratio, expected * ratio**2


def _rough_cost(
    gone: torch.Tensor, joint: torch.Tensor, first: torch.Tensor, second: torch.Tensor
) -> float:
    """Cost [nats] of `joint` output, at its best weight, and an offset for what is `gone`."""
    columns = torch.stack([joint, torch.ones_like(joint)], 1)
    curved = columns * second[:, None]
    force = columns.T @ first - curved.T @ gone
    cost = -first @ gone + second @ gone**2 / 2
    return float(cost - force @ torch.linalg.solve(curved.T @ columns, force) / 2)


def _refit(
    pooling: Pooling, rest: torch.Tensor, rectified: torch.Tensor, norm: float, sample: Sample
) -> tuple[float, float]:
    """Loss [nats] and best weight of one filter added to a `rest`, with the offset."""
    by_sum = torch.stack([rectified, torch.ones_like(rest)], 1)

    def curvature(own: np.ndarray):
        summed = rest + by_sum @ torch.from_numpy(own).float()
        loss, gradient, information = output_curvature(by_sum, summed, pooling.log_scale, sample)
        return loss, gradient[:2], lambda chosen: information(np.append(chosen, False))

    start = np.array([norm**pooling.exponent, 0.0])
    found = fisher_scoring(start, curvature, np.array([True, False]), steps=3)
    return found.loss, float(found.parameters[0])
