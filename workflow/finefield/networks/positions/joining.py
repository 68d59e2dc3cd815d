"""Pairs of filters that are one: copies of each other, or as good as their sum."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import torch

from finefield.networks.positions.filters import Filters
from finefield.networks.positions.pooling import Pooling, by_summed, nats, output_curvature
from finefield.networks.positions.sample import Sample
from finefield.networks.scoring import fisher_scoring

#: Samples on which pairs are compared, at most.
MOST_COMPARED = 30_000
#: Filters of a larger cosine, over space and time, are copies of one.
COPIES = 0.9
#: Pairs are compared by a quadratic approximation first, and go on if it costs less than this
#: multiple of what it may cost.
ROUGH = 2.0
#: Pairs whose squared profiles, blurred by a pixel, have a lower cosine are not neighbours: what is
#: missing at the edge of a filter may have the other sign.
NEIGHBOURS = 0.1

#: Two filters, and the weight of their sum, of unit norm.
Pair = tuple[int, int, float]


def joinable(
    filters: Filters, drives: torch.Tensor, sample: Sample, most: float, part: float
) -> list[Pair]:
    """Pairs of neighbours whose sum is as good as the two, the cheapest first.

    Parameters
    ----------
    filters, drives
        Filters, and their drives (sample, filter).
    sample : Sample
        Samples that the likelihood is of; some of them are compared.
    most : float
        What the sum may cost [nats].
    part : float
        Part of the filters that may be paired at once.

    Returns
    -------
    list of Pair
        No filter is in two pairs.
    """
    pooling, every = filters.pooling, max(1, len(sample.count) // MOST_COMPARED)
    few = sample.part(slice(None, None, every))
    drives = drives[::every].T.contiguous()
    rectified, size = pooling.rectified(drives), sample.spikes / max(few.spikes, 1.0)
    summed = pooling.summed(rectified.T)
    least, costs = nats(pooling.log_rate(summed), few), []
    derivatives = by_summed(summed, pooling.log_scale, few)
    for one, other in _neighbours(filters):
        both = [one, other]
        gone = torch.from_numpy(pooling.weight[both]).float() @ rectified[both]
        drive, norm = sum_of(filters, drives, one, other)
        joint = pooling.rectified(drive)
        if size * _rough_cost(gone, joint, *derivatives) < ROUGH * most:
            cost, weight = _refit(pooling, summed - gone, joint, norm, few)
            costs.append((size * (cost - least), one, other, weight))
    found = _disjoint(pair for cost, *pair in sorted(costs) if cost <= most)
    return found[: max(1, math.ceil(part * len(filters)))]


def _disjoint(pairs: Iterable[Sequence]) -> list[Pair]:
    """Pairs without those of which a filter is in a pair before."""
    found, used = [], set()
    for one, other, weight in pairs:
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


def copies(filters: Filters) -> list[Pair]:
    """Pairs of filters that are nearly the same, the most alike first."""
    image, scaled = filters.image.flatten(1), filters.scaled()
    cosine = np.tril((image @ image.T).numpy(), -1)
    order = np.argsort(-cosine[cosine > COPIES])
    pairs = np.argwhere(cosine > COPIES)[order].tolist()
    exponent = filters.pooling.exponent
    return _disjoint(
        (one, other, float((scaled[one] + scaled[other]).norm()) ** exponent)
        for one, other in pairs
    )


def sum_of(
    filters: Filters, drives: torch.Tensor, one: int, other: int
) -> tuple[torch.Tensor, float]:
    """Drive (sample,) of the sum of two filters, of unit norm, and the norm before.

    `drives` are those of all filters (filter, sample).
    """
    size = filters.pooling.weight[[one, other]] ** (1 / filters.pooling.exponent)
    norm = float(np.linalg.norm(np.tensordot(size, filters.image[[one, other]].numpy(), axes=1)))
    return torch.from_numpy(size / norm).float() @ drives[[one, other]], norm


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
