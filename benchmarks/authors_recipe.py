"""The network and the training of Yan et al. 2020, in plain PyTorch."""

from dataclasses import dataclass

import numpy as np
import torch
from machine import timed
from plain_torch import PlainNetwork, batches, poisson_loss, windows
from simulated import Data

from finefield.networks.network import Network
from finefield.responses.scores import correlation

LAGS, FILTERS, SIZE, NOISE = 20, 8, 7, 0.1
BATCH, ALL_BATCHES, CHECK_EVERY, LEARNING_RATE = 2000, 50_000, 20, 1e-3


@dataclass(frozen=True)
class Recipe:
    """What a run of the recipe gives.

    Attributes
    ----------
    network : Network
        The best model: the one with the highest correlation on the frozen sequence.
    seconds : float
        Time of all batches and checks.
    correlation : float
        The best model's, on the frozen sequence.
    """

    network: Network
    seconds: float
    correlation: float


def train(
    samples: torch.Tensor, count: torch.Tensor, frozen: Data, n_batches: int, seed: int
) -> Recipe:
    """Train for some batches, all 50,000 or the first of them.

    Parameters
    ----------
    samples : Tensor, shape (sample, y, x, lag)
        As from `plain_torch.windows`, of contrasts -0.5 and +0.5.
    count : Tensor, shape (sample,)
        Spikes.
    frozen : Data
        Repeats of the test sequence, which also chooses the best model.
    n_batches : int
        Batches.
    seed : int
        Source of the random start, the order of samples and the noise.

    Returns
    -------
    Recipe

    Notes
    -----
    Rates are in spikes per second, and so is the Poisson loss: per frame, the penalties would
    outweigh it and silence the network.
    """
    torch.manual_seed(seed)
    crop, frame_rate = samples.shape[2], frozen.responses.frame_rate
    module = PlainNetwork(LAGS, FILTERS, SIZE, crop, NOISE)
    optimizer = torch.optim.Adam(module.parameters(), lr=LEARNING_RATE)
    source = batches(len(samples), min(BATCH, len(samples)), np.random.default_rng(seed))
    test = windows(frozen, LAGS), frozen.responses.spike_count[:, LAGS - 1 :].mean(0)
    best = [-2.0, None]

    def loop() -> None:
        for number in range(1, n_batches + 1):
            index = next(source)
            rate = module(samples[index])
            loss = poisson_loss(rate, frame_rate * count[index]) + _penalty(module, rate)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if number % CHECK_EVERY == 0 or number == n_batches:
                _keep_best(best, module, *test)

    seconds, _ = timed(loop)
    module.load_state_dict(best[1])
    return Recipe(_arrays(module, crop), seconds, best[0])


def _penalty(module: PlainNetwork, rate: torch.Tensor) -> torch.Tensor:
    conv, dense = module.conv.weight, module.dense.weight
    l1 = 5.5e-4 * conv.abs().sum() + 1e-3 * rate.mean()
    return l1 + 1e-3 * (conv.square().sum() + dense.square().sum())


@torch.no_grad()
def _keep_best(best: list, module: PlainNetwork, test: torch.Tensor, measured: np.ndarray) -> None:
    """Put correlation and weights into `best`, if they are better or the first."""
    module.eval()
    score = np.nan_to_num(correlation(module(test).numpy(), measured), nan=-1.0)
    module.train()
    if score > best[0]:
        best[:] = score, {name: value.clone() for name, value in module.state_dict().items()}


@torch.no_grad()
def _arrays(module: PlainNetwork, crop: int) -> Network:
    """The module as Finefield's plain arrays, so that both are judged by the same code."""
    scale, slope = float(module.log_scale.exp()), float(module.log_slope.exp())
    side = crop - SIZE + 1
    return Network(
        weight=module.conv.weight.flip(1).numpy(),  # the newest frame first
        bias=module.conv.bias.numpy(),
        readout=slope * module.dense.weight.view(FILTERS, side, side).numpy(),
        readout_offset=slope * float(module.dense.bias),
        rate_scale=scale,
        stimulus_mean=0.0,
        stimulus_sd=1.0,
        stride=1,
        height=crop,
        width=crop,
    )
