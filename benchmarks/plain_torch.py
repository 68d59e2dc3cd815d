"""The plain way to train such a network: every window in memory, an ordinary PyTorch loop."""

import numpy as np
import torch
from machine import timed
from simulated import Data
from torch.nn import functional


class PlainNetwork(torch.nn.Module):
    """Convolution over space with the lags as channels, ReLU, dense unit, softplus.

    Parameters
    ----------
    lags, filters, size, crop : int
        Lags, filters, their side, and the crop's side.
    noise : float
        SD of Gaussian noise on the convolution's output in training.
    """

    def __init__(self, lags: int, filters: int, size: int, crop: int, noise: float = 0.0):
        super().__init__()
        self.conv = torch.nn.Conv2d(lags, filters, size)
        self.dense = torch.nn.Linear(filters * (crop - size + 1) ** 2, 1)
        self.log_scale = torch.nn.Parameter(torch.zeros(()))
        self.log_slope = torch.nn.Parameter(torch.zeros(()))
        self.noise = noise

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Rate (sample,) from windows (sample, y, x, lag)."""
        output = self.conv(windows.permute(0, 3, 1, 2))
        if self.noise and self.training:
            output = output + self.noise * torch.randn_like(output)
        drive = self.dense(functional.relu(output).flatten(1))[:, 0]
        return self.log_scale.exp() * functional.softplus(self.log_slope.exp() * drive)


def poisson_loss(rate: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
    """Negative Poisson log-likelihood without the term of the counts alone."""
    return (rate - count * torch.log(rate.clamp_min(1e-38))).mean()


def windows(data: Data, lags: int) -> torch.Tensor:
    """Every window of the movie, float32 (sample, y, x, lag), the oldest frame first.

    Lags come last because convolutions then run twice as fast on a CPU ("channels last").
    """
    return torch.from_numpy(data.stimulus.frames()).unfold(0, lags, 1).contiguous()


def batches(n_samples: int, size: int, rng: np.random.Generator):
    """Endless batches of indices: every sample once a pass, in a new order each pass."""
    while True:
        order = torch.from_numpy(rng.permutation(n_samples))
        yield from order[: n_samples // size * size].split(size)


def pass_seconds(samples: torch.Tensor, count: torch.Tensor, size: int, filters: int) -> float:
    """Seconds of one pass with filters as large as the crop, all lags free, after a short warm-up.

    Parameters
    ----------
    samples : Tensor, shape (sample, y, x, lag)
        As from `windows`.
    count : Tensor, shape (sample,)
        Spikes.
    size : int
        Samples in a batch.
    filters : int
        Filters.
    """
    crop, lags = samples.shape[2:]
    module = PlainNetwork(lags, filters, crop, crop)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    source = batches(len(samples), min(size, len(samples)), np.random.default_rng(0))

    def steps(number: int) -> None:
        for _ in range(number):
            index = next(source)
            loss = poisson_loss(module(samples[index]), count[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    steps(5)
    return timed(steps, max(1, len(samples) // size))[0]
