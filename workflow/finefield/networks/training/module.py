"""The networks while they are trained: PyTorch weights, several random starts side by side."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from finefield.networks.network import NONLINEARITIES, Network, positions
from finefield.networks.settings import NetworkSettings


class Module(torch.nn.Module):
    """Networks of one architecture from several starts, trained side by side on the same inputs.

    Every parameter has a leading axis of starts ("seed"); nothing passes from one start to another.

    Parameters
    ----------
    start : ndarray, shape (seed, filter, y, x, channel)
        Weights to start from, as from `starts.random`.
    shape : (int, int)
        Rows and columns of the crop [pixels].
    settings : NetworkSettings
        The keys of ``models.<name>`` in the config.
    mean_count : float
        Mean spikes per frame of the training responses, from which the output's scale starts.
    rng : numpy.random.Generator
        Source of the readout's random start.
    whitening : ndarray, shape (pixel, pixel), optional
        The filters are this matrix times the weights, so that the pixels of a correlated stimulus
        are learned as fast as white ones.
    """

    def __init__(
        self,
        start: np.ndarray,
        shape: tuple[int, int],
        settings: NetworkSettings,
        mean_count: float,
        rng: np.random.Generator,
        whitening: np.ndarray | None = None,
    ):
        super().__init__()
        n_seeds, n_filters, *size, _ = start.shape
        self.stride, self.noise = settings.stride, settings.conv_noise
        self.nonlinearity = settings.filter_nonlinearity
        self.nonnegative = settings.nonnegative_readout
        self.half = settings.precision == "bfloat16"
        places = positions(shape, size, self.stride)
        self.weight = _parameter(start)
        matrix = None if whitening is None else torch.tensor(whitening, dtype=torch.float32)
        self.register_buffer("whitening", matrix, persistent=False)
        self.bias = _parameter(np.zeros((n_seeds, n_filters)))
        self.hidden_weight = self.hidden_bias = None
        if settings.hidden_filters:
            hidden = [min(settings.hidden_size, side) for side in places]
            n_hidden = settings.hidden_filters
            scale = math.sqrt(2 / (n_filters * math.prod(hidden)))
            weight = rng.normal(0, scale, (n_seeds, n_hidden, n_filters, *hidden))
            self.hidden_weight = _parameter(weight)
            self.hidden_bias = _parameter(np.zeros((n_seeds, n_hidden)))
            n_filters, places = n_hidden, positions(places, hidden, 1)
        n_readout = n_filters * math.prod(places)
        lowest = 0.0 if self.nonnegative else -1.0
        readout = rng.uniform(lowest, 1, (n_seeds, n_filters, *places)) / math.sqrt(n_readout)
        self.readout = _parameter(readout)
        self.offset = _parameter(np.full(n_seeds, math.log(math.expm1(1))))  # softplus(offset) = 1
        self.log_scale = _parameter(np.full(n_seeds, math.log(mean_count)))
        self.log_slope = _parameter(np.zeros(n_seeds))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Expected spikes per frame (sample, seed) from inputs (sample, y, x, channel)."""
        with torch.autocast(inputs.device.type, torch.bfloat16, enabled=self.half):
            output = self._filtered(inputs)
            if self.noise and self.training:
                output = output + self.noise * torch.randn_like(output)
            output = NONLINEARITIES[self.nonlinearity](output)
            n_seeds = len(self.weight)
            if self.hidden_weight is not None:
                weight, bias = self.hidden_weight.flatten(0, 1), self.hidden_bias.flatten()
                output = functional.relu(functional.conv2d(output, weight, bias, groups=n_seeds))
        # The readout sums (y, x, filter) as they lie in memory, one matrix product for each start.
        output = output.float().permute(0, 2, 3, 1).unflatten(3, (n_seeds, -1))
        drive = torch.einsum("nyxsf,sfyx->ns", output, self.readout)
        slope = self.log_slope.exp()
        return functional.softplus(slope * (drive + self.offset)) * (self.log_scale.exp() / slope)

    def _filtered(self, inputs: torch.Tensor) -> torch.Tensor:
        """Filters' output (sample, seed and filter, y, x)."""
        weight = self.filters().flatten(0, 1).permute(0, 3, 1, 2)
        inputs, bias = inputs.permute(0, 3, 1, 2), self.bias.flatten()
        size, shape = weight.shape[2:], inputs.shape[2:]
        if 2 * math.prod(size) <= math.prod(shape):
            return functional.conv2d(inputs, weight, bias, self.stride)
        # At few positions one matrix product is faster, in the order in which the inputs lie.
        placed = _placed(weight, shape, self.stride)
        if not inputs.is_contiguous():
            inputs, placed = inputs.permute(0, 2, 3, 1), placed.permute(0, 1, 2, 4, 5, 3)
        output = functional.linear(inputs.flatten(1), placed.flatten(3).flatten(0, 2))
        return output.view(-1, *placed.shape[:3]).permute(0, 3, 1, 2) + bias[:, None, None]

    def filters(self) -> torch.Tensor:
        """Filters (seed, filter, y, x, channel)."""
        if self.whitening is None:
            return self.weight
        pixels = self.weight.flatten(2, 3)
        return torch.einsum("pq,sfqc->sfpc", self.whitening, pixels).view_as(self.weight)

    def mean_readout(self) -> torch.Tensor:
        """Mean size of each filter's readout over positions (seed, filter)."""
        readout = self.readout.abs().mean((2, 3))
        if self.hidden_weight is None:
            return readout
        return torch.einsum("shf,sh->sf", self.hidden_weight.abs().sum((3, 4)), readout)

    @torch.no_grad()
    def constrain(self) -> None:
        """Keep the readout at 0 or above, if it has to be."""
        if self.nonnegative:
            self.readout.clamp_(min=0)

    @torch.no_grad()
    def networks(
        self, basis: np.ndarray, mean: float, sd: float, shape: tuple[int, int], frame_rate: float
    ) -> list[Network]:
        """The networks as plain arrays, one for each start; `basis` is (channel, lag)."""
        arrays = {name: value.cpu().numpy() for name, value in self.named_parameters()}
        weight = np.einsum("sfyxc,cl->sflyx", self.filters().cpu().numpy(), basis)
        slope = np.exp(arrays["log_slope"])
        scale = np.exp(arrays["log_scale"]) / slope * frame_rate
        hidden = self.hidden_weight is not None
        return [
            Network(
                weight=weight[seed],
                bias=arrays["bias"][seed],
                readout=slope[seed] * arrays["readout"][seed],
                readout_offset=float(slope[seed] * arrays["offset"][seed]),
                rate_scale=float(scale[seed]),
                stimulus_mean=mean,
                stimulus_sd=sd,
                stride=self.stride,
                height=shape[0],
                width=shape[1],
                nonlinearity=self.nonlinearity,
                hidden_weight=arrays["hidden_weight"][seed] if hidden else None,
                hidden_bias=arrays["hidden_bias"][seed] if hidden else None,
            )
            for seed in range(len(weight))
        ]


def _placed(weight: torch.Tensor, shape: Sequence[int], stride: int) -> torch.Tensor:
    """Filters (filter, channel, y, x) at every position (row, column, filter, channel, y, x).

    The image has a `shape` in pixels; the filters are zero beyond their size.
    """
    places = positions(shape, weight.shape[2:], stride)
    margin = [(side - one) % stride for side, one in zip(shape, weight.shape[2:], strict=True)]
    at = torch.eye(math.prod(places), device=weight.device).view(-1, 1, *places)
    placed = functional.conv_transpose2d(
        at, weight.flatten(0, 1)[None], stride=stride, output_padding=margin
    )
    return placed.view(*places, *weight.shape[:2], *shape)


def _parameter(values) -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.tensor(np.asarray(values), dtype=torch.float32))
