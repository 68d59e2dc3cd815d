"""Training: a network that predicts one cell's spikes from its crop of the stimulus."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import xarray as xr
from torch.nn import functional

from finefield.errors import UserError
from finefield.network import Network
from finefield.progress import Progress
from finefield.projection import Lagged, Projected
from finefield.responses import Responses, validation_mask
from finefield.scores import correlation
from finefield.sta import separate, spike_triggered_average
from finefield.stimulus import BinaryStimulus
from finefield.temporal import orthonormal_basis

#: Most samples in a step whose size is set by its spikes: a nearly silent cell needs no more.
MAX_BATCH = 4096


@dataclass(frozen=True)
class Training:
    """A trained network and how it got there.

    Attributes
    ----------
    network : Network
        The network at the check with the lowest validation loss, among those after the L1 penalty
        reached its height.
    best_step : int
        Training steps done at that check.
    step : ndarray of int, shape (epoch,)
        Training steps done at each check.
    train_loss, validation_loss : ndarray of float64, shape (epoch,)
        Poisson loss per spike, without penalties; training loss is the mean since the last check.
    validation_correlation : ndarray of float64, shape (epoch,)
        Correlation of predicted and counted spikes per frame.
    """

    network: Network
    best_step: int
    step: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    validation_correlation: np.ndarray

    def curves(self) -> xr.Dataset:
        """The learning curves as a dataset over epoch, one entry a check."""
        names = ("step", "train_loss", "validation_loss", "validation_correlation")
        curves = {name: ("epoch", getattr(self, name)) for name in names}
        return xr.Dataset(curves, attrs={"best_step": self.best_step})


class _Module(torch.nn.Module):
    """The network while it is trained: its filters are weights of the input's channels."""

    def __init__(
        self, channels: int, shape: tuple[int, int], settings: Mapping, mean_count: float, rng
    ):
        super().__init__()
        n_filters, stride = settings["filters"], settings["stride"]
        size = [min(settings["filter_size"], side) for side in shape]
        positions = [(side - one) // stride + 1 for side, one in zip(shape, size, strict=True)]

        def parameter(values) -> torch.nn.Parameter:
            return torch.nn.Parameter(torch.tensor(np.asarray(values), dtype=torch.float32))

        # Inputs have unit variance, so the filters' outputs start with SD `weight_spread`.
        spread = settings["weight_spread"] / math.sqrt(channels * math.prod(size))
        self.weight = parameter(rng.normal(0, spread, (n_filters, channels, *size)))
        self.bias = parameter(np.zeros(n_filters))
        n_readout = n_filters * math.prod(positions)
        lowest = 0.0 if settings["nonnegative_readout"] else -1.0
        readout = rng.uniform(lowest, 1, (n_filters, *positions)) / math.sqrt(n_readout)
        self.readout = parameter(readout)
        self.offset = parameter(math.log(math.expm1(1)))  # softplus is 1 at a drive of 0
        self.log_scale = parameter(math.log(mean_count))
        self.log_slope = parameter(0.0)
        self.stride, self.noise = stride, settings["conv_noise"]

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Expected spikes per frame (sample,) from inputs (sample, channel, y, x)."""
        output = functional.conv2d(inputs, self.weight, self.bias, self.stride)
        if self.noise and self.training:
            output = output + self.noise * torch.randn_like(output)
        drive = functional.relu(output).flatten(1) @ self.readout.flatten()
        slope = self.log_slope.exp()
        return functional.softplus(slope * (drive + self.offset)) * (self.log_scale.exp() / slope)


def poisson_loss(predicted: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
    """Negative Poisson log-likelihood per frame, without the term of the counts alone."""
    # Far below threshold a softplus underflows to 0; a spike there costs about 87, not infinity.
    return (predicted - count * torch.log(predicted.clamp_min(1e-38))).mean()


def train(
    stimulus: BinaryStimulus,
    responses: Responses,
    settings: Mapping,
    seed: np.random.Generator | int,
) -> Training:
    """Train a network to predict one cell.

    Parameters
    ----------
    stimulus : BinaryStimulus
        Training sequence on the cell's crop.
    responses : Responses
        The cell's responses to it.
    settings : dict
        One entry of ``models`` of a complete config; config/README.md describes the keys.
    seed : int or numpy.random.Generator
        Source of the random start and of the order of samples.

    Returns
    -------
    Training

    Raises
    ------
    UserError
        If the training or the validation part of the responses holds no spike, or if training
        diverges.

    Notes
    -----
    Yan et al. 2020: convolution, rectification, non-linear readout and Poisson loss. Filters share
    the cell by an L1 penalty that is raised from zero, so that they tell apart before it prunes.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(int(rng.integers(2**62)))
    newest, count = responses.samples(settings["lags"])
    newest, count = newest[: settings["max_frames"]], count[: settings["max_frames"]]
    held_out = validation_mask(len(count), settings["validation_fraction"])
    for name, part in {"training": ~held_out, "validation": held_out}.items():
        if not count[part].any():
            raise UserError(
                f"{name} part of the responses",
                f"no spike in {part.sum()} frames",
                "at least one spike",
                "use more frames, or leave this cell out",
            )
    inputs, basis, mean, sd = _inputs(stimulus, newest[~held_out], count[~held_out], settings)
    module = _Module(
        inputs.channels, stimulus.shape[1:], settings, float(count[~held_out].mean()), rng
    )
    samples = torch.from_numpy(newest), torch.from_numpy(count)
    best_step, *history = _fit(
        module, inputs, samples, held_out, responses.frame_rate, settings, rng
    )
    arrays = {name: value.detach().numpy() for name, value in module.named_parameters()}
    slope = float(np.exp(arrays["log_slope"]))
    network = Network(
        weight=np.einsum("fcyx,cl->flyx", arrays["weight"], basis),
        bias=arrays["bias"],
        readout=slope * arrays["readout"],
        readout_offset=slope * float(arrays["offset"]),
        rate_scale=float(np.exp(arrays["log_scale"])) / slope * responses.frame_rate,
        stimulus_mean=mean,
        stimulus_sd=sd,
        stride=settings["stride"],
        height=stimulus.shape[1],
        width=stimulus.shape[2],
    )
    return Training(network, best_step, *history)


def _inputs(stimulus: BinaryStimulus, newest: np.ndarray, count: np.ndarray, settings: Mapping):
    """Inputs, their basis (channel, lag), and the normalisation, all from training data alone."""
    lags, n_functions = settings["lags"], settings["temporal_basis"]
    mean, sd = stimulus.mean_and_sd()
    if n_functions == 0:
        return Lagged(stimulus, lags, mean, sd), np.eye(lags, dtype=np.float32), mean, sd
    sta = spike_triggered_average(stimulus, newest, count, lags) - mean
    basis = orthonormal_basis(separate(sta)[0], min(n_functions, lags))
    return Projected(stimulus, basis, mean, sd), basis, mean, sd


def _fit(module: _Module, inputs, samples, held_out, frame_rate, settings, rng) -> tuple:
    """Train `module`, leave the best weights in it, and return their step and the history."""
    newest, count = samples
    in_training, in_validation = (
        torch.from_numpy(np.flatnonzero(part)) for part in (~held_out, held_out)
    )
    mean_count = float(count[in_training].mean())
    loss_unit = {"second": 1 / frame_rate, "frame": 1.0, "spike": mean_count}[settings["loss_unit"]]
    penalty_unit = 1.0
    if settings["loss_unit"] == "spike":
        # The noise of the loss per spike falls as the root of their number; so may the penalties.
        penalty_unit = float(count[in_training].sum()) ** -0.5
    size = settings["batch_size"] or _batch_size(settings["batch_spikes"], mean_count)
    steps, ramp = settings["steps"], settings["l1_ramp"] * settings["steps"]
    optimizer = torch.optim.Adam(module.parameters(), lr=settings["learning_rate"], fused=True)
    batches = _batches(in_training, size, rng)
    history, best, losses, progress = [], None, [], Progress("step", steps)
    for step in range(1, steps + 1):
        # A sharp output too early keeps filters from telling apart: its slope is learned last.
        module.log_slope.requires_grad_(step > ramp)
        if settings["learning_rate_decay"]:
            for group in optimizer.param_groups:
                group["lr"] = settings["learning_rate"] * _half_cosine((step - 1) / steps)
        batch = next(batches)
        predicted = module(inputs.batch(newest[batch]))
        loss = poisson_loss(predicted, count[batch])
        penalty = _penalty(module, predicted, settings, min(1.0, step / ramp) if ramp else 1.0)
        optimizer.zero_grad()
        (loss / loss_unit + penalty_unit * penalty).backward()
        optimizer.step()
        if settings["nonnegative_readout"]:
            with torch.no_grad():
                module.readout.clamp_(min=0)
        losses.append(float(loss.detach()) / mean_count)
        if step % settings["check_every"] and step != steps:
            continue
        validation, fit = _check(module, inputs, newest[in_validation], count[in_validation])
        if not math.isfinite(validation):
            expected, fix = "a finite validation loss", "lower the model's learning_rate"
            raise UserError(f"training at step {step}", validation, expected, fix)
        history.append((step, float(np.mean(losses)), validation / mean_count, fit))
        losses.clear()
        progress.tell(step, _line(history[-1]))
        if step < ramp:
            continue
        if best is None or validation < best[0]:
            best = validation, len(history), {k: v.clone() for k, v in module.state_dict().items()}
        if len(history) - best[1] >= settings["patience"]:
            break
    module.load_state_dict(best[2])
    progress.end(step, f"{_line(history[best[1] - 1])}, kept")
    columns = [np.array(column) for column in zip(*history, strict=True)]
    return columns[0][best[1] - 1], *columns


def _batch_size(spikes: int, mean_count: float) -> int:
    """Samples that hold so many spikes on average, from 1 to `MAX_BATCH`."""
    return max(1, min(MAX_BATCH, round(spikes / mean_count)))


def _half_cosine(part: float) -> float:
    """From 1 at the start (0) to 0 at the end (1) of training."""
    return 0.5 * (1 + math.cos(math.pi * part))


def _batches(index: torch.Tensor, size: int, rng: np.random.Generator):
    """Endless batches: every sample once a pass, in a new order each pass."""
    size = min(size, len(index))
    while True:
        order = index[torch.from_numpy(rng.permutation(len(index)))]
        yield from order[: len(index) // size * size].split(size)


def _penalty(module: _Module, predicted: torch.Tensor, settings: Mapping, height: float):
    """Penalties on filters, readout and rate; `height` from 0 to 1 scales the filters' L1."""
    terms = {
        "filter_l1": lambda: height * module.weight.abs().sum(),
        "filter_l2": lambda: module.weight.square().sum(),
        "readout_l2": lambda: module.readout.square().sum(),
        "rate_l1": lambda: predicted.mean(),
    }
    return sum(settings[name] * term() for name, term in terms.items() if settings[name])


@torch.no_grad()
def _check(
    module: _Module, inputs, newest: torch.Tensor, count: torch.Tensor
) -> tuple[float, float]:
    """Poisson loss per frame and correlation with the counts, on validation data."""
    module.eval()
    predicted = torch.cat([module(inputs.batch(part)) for part in newest.split(4096)])
    module.train()
    return float(poisson_loss(predicted, count)), correlation(predicted.numpy(), count.numpy())


def _line(row: tuple) -> str:
    """A check's result, for a line of progress."""
    return f"; at step {row[0]} validation loss {row[2]:.4f} a spike, correlation {row[3]:.3f}"
