"""Time courses of their own for filters that the data show to differ."""

from dataclasses import replace

import numpy as np
import torch

from finefield.networks.positions.filters import Filters
from finefield.networks.positions.pooling import output_curvature, with_prior
from finefield.networks.positions.sample import Sample
from finefield.networks.positions.scoring import fisher_scoring

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
    n, n_functions, pooling = len(filters), sample.seen.shape[1], filters.pooling
    profile = filters.image[:, 0]
    through = torch.stack([sample.seen[:, one] @ profile.T for one in range(n_functions)], 2)
    own = np.column_stack([pooling.weight, np.zeros((n, n_functions - 1))])
    first = np.append(own.ravel(), [pooling.offset, pooling.log_scale])
    weights = np.zeros(own.shape, bool)
    weights[:, 0] = True
    largest = np.append(np.where(weights, np.inf, LARGEST), [np.inf] * 2)

    def unpacked(parameters: np.ndarray):
        own = parameters[:-2].reshape(n, -1)
        course = np.column_stack([np.ones(n), own[:, 1:]])
        course /= np.linalg.norm(course, axis=1, keepdims=True)
        offset, log_scale = parameters[-2:]
        pooled = replace(pooling, weight=own[:, 0], offset=offset, log_scale=log_scale)
        return pooled, torch.from_numpy(course).float(), own

    def curvature(parameters: np.ndarray):
        now, course, own = unpacked(parameters)
        weight = torch.from_numpy(now.weight).float()[:, None]
        parts = []
        for part in sample.chunks():
            drives = (through[part] * course).sum(2)
            rectified = now.rectified(drives)
            # The norm of a course is 1: what changes it along itself changes nothing.
            turned = (through[part] - drives[:, :, None] * course) * course[:, :1]
            turned *= now.slope(drives)[:, :, None] * weight
            turned[:, :, 0] = rectified
            columns = torch.cat([turned.flatten(1), torch.ones(len(drives), 1)], 1)
            few = Sample(sample.seen[:0], sample.count[part], sample.weight[part])
            parts.append(output_curvature(columns, now.summed(rectified), now.log_scale, few))
        prior, deviation = np.zeros((2, *own.shape))
        prior[:, 1:] = own_sd**-2
        deviation[:, 1:] = own[:, 1:] - own[:, 1:].mean(0)
        flat = (np.append(one.ravel(), [0.0, 0.0]) for one in (prior, deviation))
        found = with_prior(*map(sum, zip(*parts, strict=True)), *flat, now, sample)
        # The prior leaves the mean over filters free.
        for one in range(1, n_functions):
            column = np.arange(n) * n_functions + one
            found[2][np.ix_(column, column)] -= own_sd**-2 / n
        return found

    found = fisher_scoring(first, curvature, np.append(weights, [False] * 2), largest, steps)
    pooled, course, _ = unpacked(found.parameters)
    image = course[:, :, None] * profile[:, None]
    return replace(filters, image=image, pooling=pooled).keeping(pooled.weight > 0)


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
