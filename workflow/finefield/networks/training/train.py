"""Training: networks that predict one cell's spikes from its crop of the stimulus."""

import hashlib
from collections.abc import Sequence

import numpy as np
import torch

from finefield.averages.separation import separate
from finefield.base.errors import UserError
from finefield.networks.network import Network
from finefield.networks.positions.training import train_positions
from finefield.networks.settings import NetworkSettings, Starts
from finefield.networks.training import starts
from finefield.networks.training.basis import temporal_basis
from finefield.networks.training.checkpoint import Checkpoint
from finefield.networks.training.inputs import Lagged, Projected
from finefield.networks.training.module import Module
from finefield.networks.training.resampling import shares
from finefield.networks.training.result import Training
from finefield.networks.training.steps import Fit, Samples
from finefield.networks.training.whitening import pixel_whitening
from finefield.responses.drift import block_gain
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData
from finefield.stimuli.movie import Stimulus


def torch_device(name: str) -> str:
    """PyTorch's name of the configured device; "auto" is a GPU if there is one.

    Raises
    ------
    UserError
        If the device is "cuda" and PyTorch sees no GPU.
    """
    if name == "cuda" and not torch.cuda.is_available():
        fix = "set device to auto, or install a PyTorch that sees the GPU"
        raise UserError("device", "cuda, but PyTorch sees no GPU", "auto or cpu", fix)
    return "cuda" if name == "auto" and torch.cuda.is_available() else name.replace("auto", "cpu")


def train(
    stimulus: Stimulus,
    responses: Responses,
    settings: NetworkSettings,
    seed: np.random.Generator | int,
    checkpoint: Checkpoint | None = None,
    device: str = "cpu",
) -> Training:
    """Train networks to predict one cell.

    Parameters
    ----------
    stimulus : Stimulus
        Training sequence on the cell's crop.
    responses : Responses
        The cell's responses to it.
    settings : NetworkSettings
        The keys of ``models.<name>`` in the config.
    seed : int or numpy.random.Generator
        Source of the random starts and of the choice of samples.
    checkpoint : Checkpoint, optional
        Where the state is kept from time to time, and found again after a job was killed.
    device : str
        PyTorch's name of the device to train on.

    Raises
    ------
    UserError
        If the training or validation part holds no spike, or all starts diverge.

    Notes
    -----
    Yan et al. 2020: convolution, rectification, non-linear readout and Poisson loss. Filters share
    the cell by L1 penalties that are raised from zero, so that they tell apart before it prunes.
    """
    rng, frame_rate = np.random.default_rng(seed), responses.frame_rate
    data = TrainingData.of(responses, settings, stimulus.held_out)
    drift = settings.drift_trials
    gain = block_gain(data.count, data.trial, ~data.held_out, drift, lengths=responses.lengths)
    share = shares(data, settings, rng)
    if settings.start == "positions":
        basis = temporal_basis(stimulus, data, gain, settings, rng)
        return train_positions(stimulus, data, gain, share, basis, settings, frame_rate, rng)
    scale = stimulus.mean_and_sd()
    inputs, basis = _inputs(stimulus, scale, data, gain, settings, device, rng)
    arrays = data.newest, data.count, gain[data.trial].astype(np.float32), share
    parts = [Samples.of(part, device, *arrays) for part in (~data.held_out, data.held_out)]
    seen = b"".join(array.tobytes() for array in (stimulus.codes, basis, *arrays))
    digest, shape = hashlib.sha256(seen).hexdigest(), stimulus.shape[1:]
    fit = _fit(inputs, parts, shape, frame_rate, settings, rng, checkpoint, digest)
    networks = fit.module.networks(basis, *scale, shape, frame_rate)
    return _result(fit, networks, basis, settings, gain)


def _result(fit: Fit, networks: list[Network], basis, settings: Starts, gain) -> Training:
    """The networks of a fit at their best checks, with the curves of all checks."""
    columns = (np.array(column) for column in zip(*fit.history, strict=True))
    step, train_loss, validation_loss, validation_correlation, weights = columns
    selected = int(fit.best.score[: settings.seeds].argmax())
    return Training(
        networks=networks,
        n_starts=settings.n_starts,
        best_step=fit.best.step,
        selected=selected,
        step=step,
        train_loss=train_loss.T,
        validation_loss=validation_loss.T,
        validation_correlation=validation_correlation.T,
        film=_film(weights[:, selected], basis, networks[selected]),
        gain=gain,
    )


def _film(weights: np.ndarray, basis: np.ndarray, network: Network) -> np.ndarray:
    """Filters (epoch, filter, y, x) of weights (epoch, filter, y, x, channel)."""
    temporal = np.stack([separate(weight)[0] for weight in network.weight])
    norm = np.linalg.norm(temporal, axis=1, keepdims=True)
    seen = np.divide(temporal, norm, out=np.zeros_like(temporal), where=norm > 0) @ basis.T
    return np.einsum("efyxc,fc->efyx", weights, seen).astype(np.float32)


def _fit(
    inputs, parts: Sequence[Samples], shape, frame_rate, settings, rng, checkpoint, digest: str
) -> Fit:
    """Train from random starts; the fit's module is then as it was at its best check."""
    known, unknown = parts
    whitening, start = None, _start(inputs, shape, settings, rng)
    if settings.decorrelate:
        size = start.shape[2:4]
        whitening = pixel_whitening(inputs, known.newest, size, settings.stride)
    module = Module(start, shape, settings, float(known.count.mean()), rng, whitening)
    module, seed = module.to(known.newest.device), int(rng.integers(2**62))
    fit = Fit(module, inputs, known, frame_rate, settings, seed)
    fit.run(unknown, checkpoint, digest)
    module.load_state_dict(fit.best.state)
    return fit


def _inputs(stimulus: Stimulus, scale, data: TrainingData, gain, settings, device: str, rng):
    """Inputs, and their basis (channel, lag), from training data alone."""
    if settings.temporal_basis == 0:
        inputs = Lagged(stimulus, settings.lags, *scale, device)
        return inputs, np.eye(settings.lags, dtype=np.float32)
    basis = temporal_basis(stimulus, data, gain, settings, rng)
    return Projected(stimulus, basis, *scale, device), basis


def _start(inputs, shape: tuple[int, int], settings: NetworkSettings, rng) -> np.ndarray:
    """Filters to start from (seed, filter, y, x, channel)."""
    size = [side if settings.filter_size == "crop" else min(settings.filter_size, side)
            for side in shape]  # fmt: skip
    number, spread = sum(settings.n_starts.values()), settings.weight_spread
    return starts.random(number, settings.filters, size, inputs.channels, spread, rng)
