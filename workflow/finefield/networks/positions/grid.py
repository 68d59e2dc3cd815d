"""The first stage: Gaussians of one width at every position, weights of 0 or more."""

import math
from dataclasses import replace

import numpy as np
import torch

from finefield.networks.positions.gaussians import LOG_WIDTH, Gaussians
from finefield.networks.positions.pooling import Pooling, fit_pooling
from finefield.networks.positions.sample import Sample

#: Widths that are tried, in pixels; neighbours differ by less than a width's effect on the loss.
WIDTHS = (0.8, 1.05, 1.35, 1.75, 2.3, 3.0)
#: Steps for each width at most: with a third of them, one subunit in ten is lost later.
STEPS = 25
#: Filters of a smaller weight, in that of the largest, are dropped.
LEAST_WEIGHT = 1e-3


def best_grid(average: np.ndarray, inside: np.ndarray, sample: Sample) -> Gaussians:
    """Gaussians on a grid, of the width that predicts best.

    Parameters
    ----------
    average : ndarray, shape (y, x)
        Spike-triggered average on the crop.
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
    Autom. Control 19:716): by the loss alone narrow grids would win, which have the most weights.
    """
    places = np.argwhere(inside)
    first = np.sign(average[inside])
    parameters = torch.zeros(2 * len(places), 5)
    parameters[:, :2] = torch.from_numpy(np.concatenate([places, places])).float()
    sign = torch.from_numpy(np.concatenate([first, -first])).float()
    pooling = Pooling(np.full(len(sign), 1 / len(sign)), log_scale=sample.log_rate)
    best, least = None, math.inf
    for width in WIDTHS:
        parameters = parameters.clone()
        parameters[:, LOG_WIDTH] = math.log(width)
        grid = Gaussians(parameters, sign, pooling, inside.shape)
        drives = sample.drives(grid.images())
        pooling, found = fit_pooling(drives, sample, pooling, steps=STEPS)
        criterion = found.loss + int(pooling.used(LEAST_WEIGHT).sum())
        if criterion >= least:
            break
        best, least = replace(grid, pooling=pooling), criterion
    return best.keeping(best.pooling.used(LEAST_WEIGHT))
