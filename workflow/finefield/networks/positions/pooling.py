"""How drives of filters become a rate: rectified, weighted, summed, and a softplus."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch.nn import functional

from finefield.networks.positions.sample import Sample, product
from finefield.networks.scoring import Information, Scored, fisher_scoring

#: SDs of the priors on the logarithm of the output's scale, in that of the mean rate, on the
#: exponent around 1 and on the threshold around 0: wide, as a spike or two outweigh them.
SCALE_SD, EXPONENT_SD, THRESHOLD_SD = 3.0, 0.3, 0.3
#: Exponents and thresholds at most.
EXPONENTS, THRESHOLD = (0.7, 2.5), 1.5
#: A filter is kept if it raises the log likelihood by so many nats, and by such a part of what all
#: filters raise it by. By chance, the best of a hundred places, with a width of its own, gains the
#: first once in twenty cells; the second is about what filters gain that stand for what the network
#: describes wrongly.
LEAST_GAIN, LEAST_PART = 10.0, 0.0008
TINY = 1e-30
#: Drives above the threshold are at least so large where logarithms are taken [1]: that of 0 takes
#: ten times as long as others.
SMALL = 1e-9


@dataclass(frozen=True)
class Pooling:
    """Spikes per frame = scale softplus(offset + sum over filters weight max(0, p - threshold)^e).

    Attributes
    ----------
    weight : ndarray of float64, shape (filter,)
        Weights of the filters, 0 or more [1].
    offset : float
        Added to their sum [1].
    log_scale : float
        Logarithm of the output's scale [spikes per frame].
    exponent : float
        Power of the filters' output, the same for all.
    threshold : float, or Tensor of shape (filter,)
        Subtracted from the filters' drives p; the same for all filters of unit norm [1].
    """

    weight: np.ndarray
    offset: float = 0.0
    log_scale: float = 0.0
    exponent: float = 1.0
    threshold: float | torch.Tensor = 0.0

    def rectified(self, drives: torch.Tensor) -> torch.Tensor:
        """Output of the filters' nonlinearity (sample, filter)."""
        above = drives - self.threshold
        return above.clamp_(min=0) if self.exponent == 1 else _power(above, self.exponent)

    def slope(self, drives: torch.Tensor) -> torch.Tensor:
        """Derivative of `rectified`."""
        above = drives - self.threshold
        if self.exponent == 1:
            return (above > 0).float()
        return _power(above, self.exponent - 1).mul_(above > 0).mul_(self.exponent)

    def summed(self, rectified: torch.Tensor) -> torch.Tensor:
        """What the softplus sees (sample,)."""
        return rectified @ torch.from_numpy(self.weight).float() + self.offset

    def log_rate(self, summed: torch.Tensor) -> torch.Tensor:
        """Logarithm of the spikes per frame (sample,)."""
        return torch.log(functional.softplus(summed) + TINY) + self.log_scale

    def used(self, least: float) -> np.ndarray:
        """Filters of more than the `least` weight, in the largest, bool (filter,)."""
        return self.weight > least * self.weight.max(initial=0)

    def keeping(self, kept: np.ndarray) -> "Pooling":
        """With some of the filters alone."""
        return replace(self, weight=self.weight[kept])


def _power(values: torch.Tensor, exponent: float) -> torch.Tensor:
    """Powers of values, at least of `SMALL`, in a third of the time of PyTorch's own."""
    return values.clamp(min=SMALL).log_().mul_(exponent).exp_()


def nats(log_rate: torch.Tensor, sample: Sample) -> float:
    """Negative Poisson log likelihood, without the term of the counts alone."""
    expected = (sample.weight * log_rate.exp()).double().sum()
    return float(expected - (sample.count * log_rate).double().sum())


def least_gain(loss: float, sample: Sample) -> float:
    """Least rise of the log likelihood for which a filter is kept, if all have a `loss` [nats]."""
    silent = nats(torch.full_like(sample.count, sample.log_rate), sample)
    return LEAST_GAIN + LEAST_PART * max(0.0, silent - loss)


def fit_pooling(
    drives: torch.Tensor,
    sample: Sample,
    start: Pooling,
    shared: bool = False,
    steps: int = 8,
) -> tuple[Pooling, Scored]:
    """Fit weights, offset and scale to given drives by Poisson maximum likelihood.

    Parameters
    ----------
    drives, sample, start
        Drives of the filters (sample, filter) [1], the samples, and where to start from.
    shared : bool
        Whether exponent and threshold are fitted too.
    steps : int
        Steps at most.

    Returns
    -------
    pooling : Pooling
    scored : Scored
        Its parameters are the weights, exponent and threshold if `shared`, offset and log scale.
    """
    n_filters, own = len(start.weight), [start.exponent, start.threshold][: 2 * shared]
    first = np.concatenate([start.weight, own, [start.offset, start.log_scale]])
    weights, largest = np.arange(len(first)) < n_filters, np.full(len(first), np.inf)
    largest[n_filters:-2] = 0.3
    one = torch.ones(len(drives), 1)
    given = None if shared else torch.cat([start.rectified(drives), one], 1)

    def curvature(parameters: np.ndarray) -> tuple[float, np.ndarray, Information]:
        now, by_sum = _unpacked(start, parameters, n_filters), given
        if shared:
            rectified = now.rectified(drives)
            own = [column[:, None] for column in _by_nonlinearity(now, drives, rectified)]
            by_sum = torch.cat([rectified, *own, one], 1)
        summed = now.summed(by_sum[:, :n_filters])
        found = output_curvature(by_sum, summed, now.log_scale, sample)
        prior, deviation = np.zeros((2, len(parameters)))
        if shared:
            prior[-4:-2] = EXPONENT_SD**-2, THRESHOLD_SD**-2
            deviation[-4:-2] = now.exponent - 1, now.threshold
        return with_prior(*found, prior, deviation, now, sample)

    scored = fisher_scoring(first, curvature, weights, largest, steps)
    return _unpacked(start, scored.parameters, n_filters), scored


def predicted(
    summed: torch.Tensor, log_scale: float, sample: Sample
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logarithm of the spikes per frame, expected spikes, and the derivative of the first by what
    the softplus sees, each (sample,)."""
    soft = functional.softplus(summed) + TINY
    log_rate = torch.log(soft) + log_scale
    return log_rate, sample.weight * log_rate.exp(), torch.sigmoid(summed) / soft


def by_summed(
    summed: torch.Tensor, log_scale: float, sample: Sample
) -> tuple[torch.Tensor, torch.Tensor]:
    """First and expected second derivatives (sample,) of the loss by what the softplus sees."""
    _, expected, ratio = predicted(summed, log_scale, sample)
    return (expected - sample.count) * ratio, expected * ratio**2


def output_curvature(
    by_sum: torch.Tensor, summed: torch.Tensor, log_scale: float, sample: Sample
) -> tuple[float, np.ndarray, Information]:
    """Loss, gradient and Fisher information of parameters before the softplus, and of its scale.

    Parameters
    ----------
    by_sum : Tensor, shape (sample, parameter)
        Derivatives of what the softplus sees.
    summed : Tensor, shape (sample,)
        What the softplus sees [1].
    log_scale : float
        Logarithm of the output's scale; its derivatives are the last.
    sample : Sample
        Spikes and weights of the samples.
    """
    log_rate, expected, ratio = predicted(summed, log_scale, sample)
    missing = expected - sample.count
    gradient = torch.cat([by_sum.T @ (missing * ratio), missing.sum()[None]])

    def information(chosen: np.ndarray) -> np.ndarray:
        size = expected.sqrt()
        own = by_sum if chosen[:-1].all() else by_sum[:, torch.from_numpy(chosen[:-1])]
        root = torch.empty(len(own), chosen.sum())
        torch.mul(own, (ratio * size)[:, None], out=root[:, : own.shape[1]])
        root[:, own.shape[1] :] = size[:, None]
        return product(root.T, root).double().numpy()

    return nats(log_rate, sample), gradient.double().numpy(), information


def summed_curvature(
    parts: Iterable[tuple[float, np.ndarray, Information]],
) -> tuple[float, np.ndarray, Information]:
    """The same of samples in several parts, whose derivatives are not kept."""
    loss, gradient, whole = 0.0, 0.0, 0.0
    for by_part, slope, information in parts:
        loss, gradient = loss + by_part, gradient + slope
        whole = whole + information(np.ones(len(slope), bool))
    return loss, gradient, lambda chosen: whole[np.ix_(chosen, chosen)]


def with_prior(
    loss: float,
    gradient: np.ndarray,
    information: Information,
    prior: np.ndarray,
    deviation: np.ndarray,
    pooling: Pooling,
    sample: Sample,
) -> tuple[float, np.ndarray, Information]:
    """The same with Gaussian priors of precisions `prior`, and that of the scale, the last."""
    prior[-1], deviation[-1] = SCALE_SD**-2, pooling.log_scale - sample.log_rate
    loss += float(prior @ deviation**2) / 2

    def with_own(chosen: np.ndarray) -> np.ndarray:
        return information(chosen) + np.diag(prior[chosen])

    return loss, gradient + prior * deviation, with_own


def _by_nonlinearity(
    now: Pooling, drives: torch.Tensor, rectified: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Derivatives (sample,) of the sum by exponent and threshold."""
    weight = torch.from_numpy(now.weight).float()
    above = (drives - now.threshold).clamp(min=SMALL)
    return (rectified * above.log()) @ weight, -(now.slope(drives) @ weight)


def _unpacked(start: Pooling, parameters: np.ndarray, n_filters: int) -> Pooling:
    """The pooling of parameters as in `fit_pooling`."""
    weight, own = parameters[:n_filters], parameters[n_filters:-2]
    now = replace(start, weight=weight, offset=parameters[-2], log_scale=parameters[-1])
    if not len(own):
        return now
    exponent, threshold = np.clip(own[0], *EXPONENTS), np.clip(own[1], -THRESHOLD, THRESHOLD)
    return replace(now, exponent=float(exponent), threshold=float(threshold))
