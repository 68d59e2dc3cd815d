"""Time courses of their own for filters that the data show to differ."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from finefield.networks.positions.filters import Filters
from finefield.networks.positions.pooling import (
    Pooling,
    output_curvature,
    summed_curvature,
    with_prior,
)
from finefield.networks.positions.sample import Sample
from finefield.networks.scoring import Information, fisher_scoring

#: SDs of the prior on the other functions' parts in a time course, in the leading one's, around
#: their mean over filters: of courses of their own, and of one for all.
OWN_SD, COMMON_SD = 0.5, 0.02
#: Largest change in a step.
LARGEST = 0.5


def fit_courses(filters: Filters, sample: Sample, own_sd: float, steps: int = 10) -> Filters:
    """Give each filter a time course of its own; its spatial profile stays.

    Parameters
    ----------
    filters : Filters
        Filters on the leading temporal function alone.
    sample : Sample
        Samples through all functions.
    own_sd : float
        See `OWN_SD`.
    steps : int
        Steps at most.

    Returns
    -------
    Filters
        On all functions; the pooling's weights, offset and scale are fitted too.
    """
    profile, pooling, n = filters.image[:, 0], filters.pooling, len(filters)
    n_functions, through = sample.n_functions, sample.through(profile)
    own = np.column_stack([pooling.weight, np.zeros((n, n_functions - 1))])
    first = np.append(own.ravel(), [pooling.offset, pooling.log_scale])
    weights = np.append((np.arange(n_functions) == 0)[None].repeat(n, 0), [False] * 2)
    largest = np.where(weights, np.inf, LARGEST)
    largest[-2:] = np.inf

    def curvature(parameters: np.ndarray):
        now, course = _unpacked(pooling, parameters, n)
        found = summed_curvature(_parts(now, course, through, sample))
        return _with_prior(found, parameters, now, sample, n, own_sd)

    found = fisher_scoring(first, curvature, weights, largest, steps)
    pooled, course = _unpacked(pooling, found.parameters, n)
    unit = course / course.norm(dim=1, keepdim=True)
    image = unit[:, :, None] * profile[:, None]
    return replace(filters, image=image, pooling=pooled).keeping(pooled.weight > 0)


def _unpacked(pooling: Pooling, parameters: np.ndarray, n: int) -> tuple[Pooling, torch.Tensor]:
    """Pooling, and time courses (filter, function) whose leading part is 1."""
    own = parameters[:-2].reshape(n, -1)
    course = torch.from_numpy(np.column_stack([np.ones(n), own[:, 1:]])).float()
    offset, log_scale = parameters[-2:]
    return replace(pooling, weight=own[:, 0], offset=offset, log_scale=log_scale), course


def _parts(
    now: Pooling, course: torch.Tensor, through: torch.Tensor, sample: Sample
) -> Iterator[tuple[float, np.ndarray, Information]]:
    """Loss, gradient and information of each chunk of samples, without priors.

    `through` is what the profiles see through each function (sample, filter, function).
    """
    weight = torch.from_numpy(now.weight).float()[:, None]
    size = course.norm(dim=1, keepdim=True)
    unit = course / size
    for part in sample.chunks():
        drives = (through[part] * unit).sum(2)
        rectified = now.rectified(drives)
        # A course is used at unit norm: what changes it along itself changes nothing.
        by_own = (through[part] - drives[:, :, None] * unit) / size
        by_own *= now.slope(drives)[:, :, None] * weight
        by_own[:, :, 0] = rectified
        columns = torch.cat([by_own.flatten(1), torch.ones(len(drives), 1)], 1)
        summed = now.summed(rectified)
        yield output_curvature(columns, summed, now.log_scale, sample.part(part))


def _with_prior(found, parameters: np.ndarray, now: Pooling, sample: Sample, n: int, own_sd: float):
    """The same with the prior on courses, which leaves their mean over filters free."""
    own = parameters[:-2].reshape(n, -1)
    prior, deviation = np.zeros((2, *own.shape))
    prior[:, 1:] = own_sd**-2
    deviation[:, 1:] = own[:, 1:] - own[:, 1:].mean(0)
    flat = (np.append(one.ravel(), [0.0, 0.0]) for one in (prior, deviation))
    loss, gradient, information = with_prior(*found, *flat, now, sample)
    # Parameters of the same function share the mean that the prior leaves free.
    function = np.append(np.tile(np.arange(own.shape[1]), n), [0, 0])
    shared = (function[:, None] == function) & (function > 0)[:, None]

    def with_mean_free(chosen: np.ndarray) -> np.ndarray:
        return information(chosen) - shared[np.ix_(chosen, chosen)] * own_sd**-2 / n

    return loss, gradient, with_mean_free


def common_course(filters: Filters, sample: Sample) -> torch.Tensor:
    """Functions that begin with the best time course for all filters (new function, function).

    Parameters
    ----------
    filters, sample
        As for `fit_courses`.

    Returns
    -------
    Tensor of float32, shape (new function, function)
        Orthonormal rows.
    """
    image = fit_courses(filters, sample, COMMON_SD).image[0]
    course = torch.linalg.svd(image, full_matrices=False)[0][:, 0]
    start = torch.eye(len(course))
    start[0] = course * torch.sign(course[0])
    turn = torch.linalg.qr(start.T)[0].T
    return turn * torch.sign((turn * start).sum(1, keepdim=True))
