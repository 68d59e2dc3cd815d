"""The first stage: Gaussians of one width at every position, weights of 0 or more."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from finefield.networks.positions.gaussians import LOG_WIDTH, Gaussians
from finefield.networks.positions.pooling import Pooling, fit_pooling
from finefield.networks.positions.sample import Sample

#: Widths that are tried, in pixels; neighbours differ by less than a width's effect on the loss.
WIDTHS = (0.8, 1.05, 1.35, 1.75, 2.3, 3.0)
#: Widths that are tried where the first of these is best, at positions half a pixel apart: one
#: between pixels is not several on them. Larger receptive fields [pixels] would have more such
#: subunits than any data tell.
NARROW, MOST_PIXELS = (0.6, 0.45), 128
#: Steps for each width at most: with a third of them, one subunit in ten is lost later.
STEPS = 25
#: Filters of a smaller weight, in that of the largest, are dropped.
LEAST_WEIGHT = 1e-3


def best_grid(inside: np.ndarray, sample: Sample) -> Gaussians:
    """Gaussians on a grid, of the width that predicts best.

    Parameters
    ----------
    inside : ndarray of bool, shape (y, x)
        Positions to try.
    sample : Sample
        Samples through one temporal function.

    Returns
    -------
    Gaussians
        Those of a weight, of either polarity.

    Notes
    -----
    For one width, the loss is convex in weights and offset, so that there is one answer whatever
    the start. Wider grids are tried as long as they lower the criterion of Akaike 1974 (IEEE Trans.
    Autom. Control 19:716), a nat for each weight: by the loss alone narrow grids would win, which
    have the most weights. Weights on half pixels cost log(4) more, as they tell four times as many
    places apart (Rissanen 1978, Automatica 14:465).
    """
    places, shape = np.argwhere(inside), inside.shape
    weight = np.full(2 * len(places), 0.5 / len(places))
    even = Pooling(weight, log_scale=sample.log_rate)
    best, least = _first_minimum(WIDTHS, places, shape, sample, 1.0, even)
    if len(places) <= MOST_PIXELS and best.parameters[0, LOG_WIDTH].exp() < WIDTHS[1]:
        places = _halved(inside)
        # Most weights of the best grid are zero already: from there, the fit takes half the time.
        weight = np.zeros((2, len(places)))
        weight[:, (places % 1 == 0).all(1)] = best.pooling.weight.reshape(2, -1)
        start = replace(best.pooling, weight=weight.ravel())
        given = places, shape, sample, 1 + math.log(4), start
        narrow, criterion = _first_minimum(NARROW, *given)
        best = narrow if criterion < least else best
    return best.keeping(best.pooling.used(LEAST_WEIGHT))


def _first_minimum(
    widths: Sequence[float],
    places: np.ndarray,
    shape: tuple[int, int],
    sample: Sample,
    cost: float,
    pooling: Pooling,
) -> tuple[Gaussians, float]:
    """The grid at places (place, 2) whose next width has no lower criterion, and its criterion.

    `cost` is that of a weight [nats], and `pooling` where to start from, weights of positive
    Gaussians first.
    """
    parameters = torch.zeros(2 * len(places), 5)
    parameters[:, :2] = torch.from_numpy(np.concatenate([places, places])).float()
    sign = torch.tensor([1.0, -1.0]).repeat_interleave(len(places))
    best, least = None, math.inf
    for width in widths:
        parameters = parameters.clone()
        parameters[:, LOG_WIDTH] = math.log(width)
        grid = Gaussians(parameters, sign, pooling, shape)
        drives = sample.drives(grid.images())
        pooling, found = fit_pooling(drives, sample, pooling, steps=STEPS)
        criterion = found.loss + cost * int(pooling.used(LEAST_WEIGHT).sum())
        if criterion >= least:
            break
        best, least = replace(grid, pooling=pooling), criterion
    return best, least


def _halved(inside: np.ndarray) -> np.ndarray:
    """Places (place, 2) on pixels and half-way between neighbours, all of which are inside.

    Examples
    --------
    >>> _halved(np.array([[True, True, False]])).tolist()
    [[0.0, 0.0], [0.0, 0.5], [0.0, 1.0]]
    """
    halves = [np.arange(2 * side - 1) for side in inside.shape]
    lower, upper = ([(part + rounded) // 2 for part in halves] for rounded in (0, 1))
    both = inside[np.ix_(*lower)] & inside[np.ix_(*upper)]
    crossed = inside[np.ix_(lower[0], upper[1])] & inside[np.ix_(upper[0], lower[1])]
    return np.argwhere(both & crossed) / 2
