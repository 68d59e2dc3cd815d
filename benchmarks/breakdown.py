"""Where the time of a training goes: its inputs, and the parts of a step."""

from time import perf_counter

import numpy as np
import torch
from machine import timed
from simulated import Data

from finefield.averages.separation import separate
from finefield.averages.sta import spike_triggered_average
from finefield.networks.settings import NetworkSettings
from finefield.networks.training.basis import orthonormal_basis
from finefield.networks.training.inputs import Projected
from finefield.networks.training.module import Module

PARTS = ("gather", "forward", "backward", "step")


def input_seconds(
    data: Data, newest: np.ndarray, count: np.ndarray, settings: NetworkSettings
) -> tuple[dict[str, float], Projected]:
    """Seconds of the spike-triggered average and of the projection, and the projected inputs.

    Parameters
    ----------
    data : Data
        The cell.
    newest, count : ndarray, shape (sample,)
        Newest frame and spikes of each training sample.
    settings : NetworkSettings
        Of the network.

    Returns
    -------
    seconds : dict of float
        Part -> seconds.
    inputs : Projected
    """
    stimulus, lags = data.stimulus, settings.lags
    mean, sd = stimulus.mean_and_sd()
    average, sta = timed(spike_triggered_average, stimulus, newest, count, lags)
    basis = orthonormal_basis(separate(sta - mean)[0], settings.temporal_basis)
    projection, inputs = timed(Projected, stimulus, basis, mean, sd)
    return {"spike-triggered average": average, "projection": projection}, inputs


def default_module(
    data: Data, inputs: Projected, count: np.ndarray, settings: NetworkSettings
) -> Module:
    """The network as training starts it, but for filters that are random, from one start."""
    rng, crop = np.random.default_rng(0), data.stimulus.shape[1:]
    size = [min(settings.filter_size, side) for side in crop]
    start = rng.normal(0, 0.02, (1, settings.filters, *size, inputs.channels))
    return Module(start, crop, settings, float(count.mean()), rng)


def step_seconds(
    module: torch.nn.Module,
    inputs: Projected,
    newest: torch.Tensor,
    batch_size: int,
    optimizer: torch.optim.Optimizer,
    steps: int = 200,
) -> dict[str, float]:
    """Mean seconds of each part of a training step.

    Parameters
    ----------
    module : Module
        The network; it is trained meanwhile, on counts of 1.
    inputs : Projected
        Anything whose ``batch(newest)`` gives the module's input.
    newest : Tensor of int64, shape (sample,)
        Newest frames to draw batches from.
    batch_size : int
        Samples in a step.
    optimizer : Optimizer
        Of the module's parameters.
    steps : int
        Steps to time, after ten that are not.

    Returns
    -------
    dict of float
        "gather", "forward" (with the loss), "backward" and "step" -> seconds.
    """
    totals = np.zeros(len(PARTS))
    for step in range(-10, steps):
        chosen = newest[torch.randint(len(newest), (batch_size,))]
        times = [perf_counter()]
        batch = inputs.batch(chosen)
        times.append(perf_counter())
        predicted = module(batch)
        loss = (predicted - torch.log(predicted.clamp_min(1e-38))).mean()
        times.append(perf_counter())
        optimizer.zero_grad()
        loss.backward()
        times.append(perf_counter())
        optimizer.step()
        times.append(perf_counter())
        totals += np.diff(times) * (step >= 0)
    return dict(zip(PARTS, (totals / steps).tolist(), strict=True))
