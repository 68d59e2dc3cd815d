"""Filters of free shape: what they are, and departures from it that the data ask for."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from finefield.networks.positions.filters import Filters
from finefield.networks.positions.pooling import Pooling, by_summed, nats
from finefield.networks.positions.sample import Sample

#: Departures of a pixel within so many standard errors are drawn to zero: of a thousand pixels
#: of noise, fifty would depart further.
STRENGTH = 2.0
#: First step, in that of Newton's method if filters did not overlap; and the smallest.
FIRST_STEP, LEAST_STEP = 0.3, 0.01
#: A step that lowers the loss by less is the last [nats].
TOLERANCE = 0.2
#: Steps between looks at the validation data.
CHECK_EVERY = 4


def shape(filters: Filters, sample: Sample, validation: Sample, steps: int = 40) -> Filters:
    """Let filters take on any shape.

    Parameters
    ----------
    filters : Filters
        Filters to start from.
    sample, validation : Sample
        Samples to fit, and those whose loss must fall: the steps end when it rises.
    steps : int
        Steps at most.

    Returns
    -------
    Filters
        Output and nonlinearity are those given.

    Notes
    -----
    The negative log likelihood, plus an L1 penalty on the departures of each filter, in every
    pixel, from where it starts: the lasso (Tibshirani 1996, J. R. Stat. Soc. B 58:267) in units of
    a pixel's standard error, by accelerated proximal steps (Beck and Teboulle 2009, SIAM J. Imaging
    Sci. 2:183) that start anew where they overshoot.
    """
    start = filters.scaled()
    best, lowest = start, _loss(filters, Point.of(start, validation), validation)
    for number, (scaled, last) in enumerate(_proximal(filters, start, sample, steps), 1):
        if number % CHECK_EVERY == 0 or last:
            own = _loss(filters, Point.of(scaled, validation), validation)
            if own >= lowest:
                break
            best, lowest = scaled, own
    return filters.rescaled(best)


@dataclass(frozen=True)
class Point:
    """Scaled filters, and their drives (sample, filter)."""

    scaled: torch.Tensor
    drives: torch.Tensor

    @classmethod
    def of(cls, scaled: torch.Tensor, sample: Sample) -> "Point":
        """Of the drives that a sample gives."""
        return cls(scaled, sample.drives(scaled))

    def beyond(self, other: "Point", part: float) -> "Point":
        """Further on the way from another point, by a part of that way: drives are linear."""
        scaled = self.scaled + part * (self.scaled - other.scaled)
        return Point(scaled, self.drives + part * (self.drives - other.drives))


def _proximal(
    filters: Filters, start: torch.Tensor, sample: Sample, steps: int
) -> Iterator[tuple[torch.Tensor, bool]]:
    """Scaled filters after each step that lowers the penalised loss, and whether it is the last."""
    now = ahead = Point.of(start, sample)
    least, (gradient, information) = _loss(filters, now, sample), _gradient(filters, now, sample)
    penalty = STRENGTH * information.sqrt()
    # Filters that overlap share a direction: the step is found by trial.
    size, momentum = FIRST_STEP, 1.0
    for _ in range(steps):
        step = size / information
        departure = ahead.scaled - start - step * gradient
        departure = departure.sign() * (departure.abs() - step * penalty).clamp(min=0)
        trial = Point.of(start + departure, sample)
        found = _loss(filters, trial, sample) + float((penalty * departure.abs()).sum())
        if found <= least:
            following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
            ahead = trial.beyond(now, (momentum - 1) / following)
            gain, least, now, momentum = least - found, found, trial, following
            yield now.scaled, gain < TOLERANCE
            if gain < TOLERANCE:
                return
        elif momentum > 1:
            ahead, momentum = now, 1.0
        else:
            size /= 2
            if size < LEAST_STEP:
                yield now.scaled, True
                return
            continue
        gradient, _ = _gradient(filters, ahead, sample)


def _pooled(filters: Filters, scaled: torch.Tensor) -> Pooling:
    """The pooling of scaled filters: weights of 1, thresholds (filter,) in units of their norm."""
    threshold = filters.pooling.threshold * scaled.flatten(1).norm(dim=1)
    return replace(filters.pooling, weight=np.ones(len(scaled)), threshold=threshold)


def _loss(filters: Filters, point: Point, sample: Sample) -> float:
    """Negative log likelihood [nats]."""
    pooling = _pooled(filters, point.scaled)
    return nats(pooling.log_rate(pooling.summed(pooling.rectified(point.drives))), sample)


def _gradient(filters: Filters, point: Point, sample: Sample) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradient (filter, function, pixel), and a pixel's information (filter, 1, 1)."""
    pooling = _pooled(filters, point.scaled)
    summed = pooling.summed(pooling.rectified(point.drives))
    by_drive = pooling.slope(point.drives)
    first, second = by_summed(summed, pooling.log_scale, sample)
    by_drives = first[:, None] * by_drive
    gradient = sample.by_filters(by_drives)
    # A filter's threshold is in units of its norm.
    norm = point.scaled.flatten(1).norm(dim=1).clamp(min=1e-12)
    by_norm = filters.pooling.threshold * by_drives.sum(0) / norm
    gradient -= by_norm[:, None, None] * point.scaled
    information = second @ by_drive**2
    return gradient, information.clamp(min=1e-9)[:, None, None]
