"""Gaussian filters that move: positions, widths and axes by Fisher scoring."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from finefield.networks.positions.pooling import (
    Pooling,
    least_gain,
    output_curvature,
    summed_curvature,
    with_prior,
)
from finefield.networks.positions.sample import Sample
from finefield.networks.scoring import Information, Scored, fisher_scoring, removable

#: Parameters of a Gaussian: row and column of its centre [pixels], logarithm of its width [pixels],
#: and its elongation along the rows and along the diagonal.
ROW, COLUMN, LOG_WIDTH, ALONG, ACROSS = range(5)
#: Widths are kept between these: the narrowest is one pixel alone, the widest as wide as the crop.
NARROWEST = 0.4
#: SDs of the priors on log widths, around their mean, and on elongations, around 0.
WIDTH_SD, ELONGATION_SD = 0.12, 0.07
#: Steps at most, at first and after filters went; one that lowers the loss by less than the
#: tolerance is the last [nats].
STEPS, STEPS_AGAIN, TOLERANCE = 8, 4, 3.0
#: Largest change of a position [pixels], or of another parameter, in a step.
LARGEST = 1.0
#: Filters of a smaller weight, in that of the largest, are dropped.
LEAST_WEIGHT = 1e-4
#: Squared distance from the centre, in widths, from which a Gaussian is zero: with values below
#: 1e-38, products in single precision take a hundred times as long.
FARTHEST = 64.0


@dataclass(frozen=True)
class Gaussians:
    """Gaussian filters on one temporal function, and how they are pooled.

    Attributes
    ----------
    parameters : Tensor of float32, shape (filter, 5)
        As in `images`.
    sign : Tensor of float32, shape (filter,)
        1, or -1 for filters that the opposite contrast drives.
    pooling : Pooling
        Weights, output and nonlinearity.
    shape : (int, int)
        Rows and columns of the crop [pixels].
    """

    parameters: torch.Tensor
    sign: torch.Tensor
    pooling: Pooling
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.sign)

    def images(self) -> torch.Tensor:
        """Filters of unit norm (filter, function, pixel), of one function."""
        return (self.sign[:, None] * images(self.parameters, self.shape))[:, None]

    def keeping(self, kept: np.ndarray) -> "Gaussians":
        """Some of the filters, bool (filter,) or indices."""
        pooling, kept = self.pooling.keeping(kept), torch.from_numpy(np.asarray(kept))
        return replace(
            self, parameters=self.parameters[kept], sign=self.sign[kept], pooling=pooling
        )


def settle(start: Gaussians, sample: Sample, n_free: int, part: float = 1.0) -> Gaussians:
    """Let Gaussians move to where they predict best, without those whose work others can do.

    Parameters
    ----------
    start : Gaussians
        Where they are; exponent and threshold stay.
    sample : Sample
        Samples through one temporal function.
    n_free : int
        How many of the parameters of `images` may change: 2, positions; 3, widths too; 5,
        elongations too.
    part : float
        Part of `least_gain` that a Gaussian must gain.

    Returns
    -------
    Gaussians
        Each Gaussian that went lowered the log likelihood, priors included, by less, once the
        others had moved.
    """
    if not len(start):
        return start
    now, scored = _moved(start, sample, n_free, STEPS)
    while len(now) > 1:
        least = part * least_gain(scored.loss, sample)
        gone = removable(scored, len(now), 1 + n_free, least)
        # All at once, or the cheapest alone.
        for number in sorted({1, len(gone)} if gone else (), reverse=True):
            fewer = _without(now, [one for one, _ in gone[:number]], gone[number - 1][1], n_free)
            trial = _moved(fewer, sample, n_free, STEPS_AGAIN)
            if trial[1].loss - scored.loss < least * number:
                now, scored = trial
                break
        else:
            break
    return now.keeping(now.pooling.used(LEAST_WEIGHT))


def _moved(start: Gaussians, sample: Sample, n_free: int, steps: int) -> tuple[Gaussians, Scored]:
    """Gaussians moved by some steps at most, and their parameters as from `_packed`."""
    first = _packed(start, n_free)
    weights = np.arange(len(first)) % (1 + n_free) == 0
    weights[-2:] = False
    largest = np.where(weights, np.inf, LARGEST)
    largest[-2:] = np.inf

    def curvature(parameters: np.ndarray) -> tuple[float, np.ndarray, Information]:
        now = _unpacked(start, parameters, n_free)
        found = _curvature(now, sample, n_free)
        return with_prior(*found, *_prior(now, n_free), now.pooling, sample)

    scored = fisher_scoring(first, curvature, weights, largest, steps, TOLERANCE)
    return _unpacked(start, scored.parameters, n_free), scored


def _packed(gaussians: Gaussians, n_free: int) -> np.ndarray:
    """Weight and free parameters of each filter, then offset and log scale, (parameter,)."""
    pooling, own = gaussians.pooling, gaussians.parameters[:, :n_free].double().numpy()
    by_filter = np.column_stack([pooling.weight, own])
    return np.append(by_filter.ravel(), [pooling.offset, pooling.log_scale])


def _unpacked(start: Gaussians, parameters: np.ndarray, n_free: int) -> Gaussians:
    """Gaussians with other parameters, as from `_packed`."""
    own, moved = parameters[:-2].reshape(len(start), -1), start.parameters.clone()
    moved[:, :n_free] = torch.from_numpy(own[:, 1:]).float()
    output = {"weight": own[:, 0], "offset": parameters[-2], "log_scale": parameters[-1]}
    pooling = replace(start.pooling, **output)
    return replace(start, parameters=within(moved, start.shape), pooling=pooling)


def _without(now: Gaussians, gone: Sequence[int], expected: np.ndarray, n_free: int) -> Gaussians:
    """Gaussians without some, the others nearly where they are expected to go (parameter,)."""
    before = _packed(now, n_free)
    by_filter, change = (part[:-2].reshape(len(now), -1) for part in (before, expected - before))
    change[:, 1:] = change[:, 1:].clip(-LARGEST, LARGEST)
    moved = np.append(by_filter + change, expected[-2:])
    left = _unpacked(now, moved, n_free).keeping(np.setdiff1d(np.arange(len(now)), gone))
    return replace(left, pooling=replace(left.pooling, weight=left.pooling.weight.clip(0)))


def _curvature(now: Gaussians, sample: Sample, n_free: int):
    """Loss, gradient and information of (weight, parameters) of each filter, offset, log scale."""
    sign, pooling = now.sign[:, None, None], now.pooling
    by_all = sign * derivatives(now.parameters, now.shape, n_free)
    basis = torch.cat([now.images(), by_all], 1).flatten(0, 1)
    # The last column becomes the offset's derivative.
    basis = torch.cat([basis, torch.zeros_like(basis[:1])])
    weight = torch.from_numpy(pooling.weight).float()[:, None]

    def by_part(part: slice) -> tuple[float, np.ndarray, Information]:
        own = sample.part(part)
        columns = own.drives(basis[:, None])
        by_sum = columns[:, :-1].unflatten(1, (len(now), 1 + n_free))
        drives = by_sum[:, :, 0].clone()
        by_sum[:, :, 0] = rectified = pooling.rectified(drives)
        by_sum[:, :, 1:] *= pooling.slope(drives)[:, :, None] * weight
        columns[:, -1] = 1
        return output_curvature(columns, pooling.summed(rectified), pooling.log_scale, own)

    return summed_curvature(map(by_part, sample.chunks()))


def _prior(now: Gaussians, n_free: int) -> tuple[np.ndarray, np.ndarray]:
    """Precisions of the priors on all parameters, and the deviations from their means."""
    prior, deviation = np.zeros((2, len(now), 1 + n_free))
    own = now.parameters[:, :n_free].double().numpy()
    if n_free > LOG_WIDTH:
        prior[:, 1 + LOG_WIDTH] = WIDTH_SD**-2
        deviation[:, 1 + LOG_WIDTH] = own[:, LOG_WIDTH] - own[:, LOG_WIDTH].mean()
        prior[:, 2 + LOG_WIDTH :] = ELONGATION_SD**-2
        deviation[:, 2 + LOG_WIDTH :] = own[:, LOG_WIDTH + 1 :]
    return tuple(np.append(part.ravel(), [0.0, 0.0]) for part in (prior, deviation))


def images(parameters: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """Gaussians of unit norm on a crop.

    Parameters
    ----------
    parameters : Tensor, shape (filter, 5)
        See `ROW`. The covariance is width^2 exp(2 [[along, across], [across, -along]]).
    shape : (int, int)
        Rows and columns.

    Returns
    -------
    Tensor of float32, shape (filter, pixel)

    Examples
    --------
    >>> images(torch.tensor([[0.0, 0.0, 0.0, 0.0, 0.0]]), (1, 2)).numpy().round(3)
    array([[0.855, 0.519]], dtype=float32)
    """
    image, _ = _image(parameters, shape)
    return torch.from_numpy(image).float()


def derivatives(parameters: torch.Tensor, shape: tuple[int, int], n_free: int) -> torch.Tensor:
    """Derivatives (filter, free, pixel) of `images` by the first `n_free` parameters."""
    image, by_square = _image(parameters, shape)
    # A Gaussian changes by -1/2 its exponent's change, and is kept at unit norm.
    change = -image[:, None] * by_square[:, :n_free] / 2
    change -= (change * image[:, None]).sum(2, keepdims=True) * image[:, None]
    return torch.from_numpy(change).float()


def within(parameters: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """The same parameters, centres on the crop and widths neither below a pixel nor above it."""
    low = torch.tensor([-0.5, -0.5, math.log(NARROWEST), -1.0, -1.0])
    high = torch.tensor([shape[0] - 0.5, shape[1] - 0.5, math.log(max(shape)), 1.0, 1.0])
    return torch.minimum(torch.maximum(parameters, low), high)


def _image(parameters: torch.Tensor, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Gaussians (filter, pixel), and derivatives (filter, 5, pixel) of their exponents x -2."""
    own = parameters.double().numpy().T[:, :, None]
    row, column, log_width, along, across = own
    rows, columns = (part.ravel() for part in np.indices(shape))
    y, x = rows - row, columns - column
    square = np.maximum(along**2 + across**2, 1e-6)
    length = np.sqrt(square)
    even, odd = np.cosh(2 * length), np.sinh(2 * length) / length
    steep = (2 * even - odd) / square  # derivative of odd by half the square
    scale = np.exp(-2 * log_width)
    first, second, mixed = even - odd * along, even + odd * along, -odd * across
    exponent = scale * (first * y**2 + second * x**2 + 2 * mixed * y * x)
    by_square = [
        -2 * scale * (first * y + mixed * x),
        -2 * scale * (second * x + mixed * y),
        -2 * exponent,
        *(
            scale
            * (
                (2 * odd * one - steep * one * along - odd * (one is along)) * y**2
                + (2 * odd * one + steep * one * along + odd * (one is along)) * x**2
                - 2 * (steep * one * across + odd * (one is across)) * y * x
            )
            for one in (along, across)
        ),
    ]
    image = np.where(exponent < FARTHEST, np.exp(-exponent / 2), 0.0)
    image /= np.linalg.norm(image, axis=1, keepdims=True) + 1e-12
    return image, np.stack(by_square, 1)
