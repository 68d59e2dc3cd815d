"""Training: networks that predict one cell's spikes from its crop of the stimulus."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import xarray as xr

from finefield import starts
from finefield.drift import block_gain
from finefield.errors import UserError
from finefield.filters import distinct_filters
from finefield.fitting import Fit, Samples
from finefield.module import Module
from finefield.network import Network
from finefield.projection import Lagged, Projected
from finefield.responses import Responses, validation_mask
from finefield.sta import separate, spike_triggered_average
from finefield.stimulus import Stimulus
from finefield.temporal import orthonormal_basis

log = logging.getLogger(__name__)

#: A network of several filters that uses fewer different ones than this has collapsed.
COLLAPSED = 1.5


@dataclass(frozen=True)
class Training:
    """Networks trained from several starts, and how they got there.

    Attributes
    ----------
    networks : list of Network
        One for each start ("seed"): the network at its best check on the validation data, among
        those after the L1 penalties reached their height.
    best_step : ndarray of int, shape (seed,)
        Training steps done at that check.
    selected : int
        The start with the best check of all.
    step : ndarray of int, shape (epoch,)
        Training steps done at each check.
    train_loss, validation_loss : ndarray of float64, shape (seed, epoch)
        Poisson loss per spike, without penalties; training loss is the mean since the last check.
    validation_correlation : ndarray of float64, shape (seed, epoch)
        Correlation of predicted and counted spikes per frame.
    gain : ndarray of float64, shape (trial,)
        Drift of the cell's rate: the factor on the networks' rate in each trial.
    """

    networks: list[Network]
    best_step: np.ndarray
    selected: int
    step: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    validation_correlation: np.ndarray
    gain: np.ndarray

    @property
    def network(self) -> Network:
        """The selected network."""
        return self.networks[self.selected]

    def to_datasets(self) -> dict[str | None, xr.Dataset]:
        """The training as the groups of a file.

        The root group and "readout" (and "hidden") hold the selected network, as from
        `Network.to_datasets`, with its curves, and in the attribute "collapsed" whether its filters
        are copies of one; the same under "seeds" hold all starts' networks.
        """
        starts = [self._start_datasets(seed) for seed in range(len(self.networks))]
        groups = dict(starts[self.selected])
        distinct = distinct_filters(self.network)
        collapsed = len(self.network.weight) > 1 and not distinct >= COLLAPSED  # NaN: no drive
        if collapsed:
            log.warning(
                "filters are copies of one (%.2f different): collapsed, or an LN cell",
                distinct,
            )
        groups[None] = groups[None].assign(gain=("trial", self.gain), distinct_filters=distinct)
        groups[None].attrs |= {"selected_seed": self.selected, "collapsed": int(collapsed)}
        for name in starts[0]:
            parts = [start[name].drop_attrs() for start in starts]
            groups["/".join(filter(None, ("seeds", name)))] = xr.concat(parts, "seed")
        return groups

    def _start_datasets(self, seed: int) -> dict[str | None, xr.Dataset]:
        """One start's network, with its learning curves in the root group."""
        names = ("train_loss", "validation_loss", "validation_correlation")
        curves = {name: ("epoch", getattr(self, name)[seed]) for name in names}
        groups = self.networks[seed].to_datasets()
        curves |= {"step": ("epoch", self.step), "best_step": ((), self.best_step[seed])}
        groups[None] = groups[None].assign(curves)
        return groups


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
    settings: Mapping,
    seed: np.random.Generator | int,
    checkpoint=None,
    device: str = "cpu",
) -> Training:
    """Train networks to predict one cell.

    Parameters
    ----------
    stimulus : Stimulus
        Training sequence on the cell's crop.
    responses : Responses
        The cell's responses to it.
    settings : dict
        One entry of ``models`` of a complete config; config/README.md describes the keys.
    seed : int or numpy.random.Generator
        Source of the random starts and of the choice of samples.
    checkpoint : checkpoint.Checkpoint, optional
        Where the state is kept from time to time, and found again after a job was killed.
    device : str
        PyTorch's name of the device to train on.

    Returns
    -------
    Training

    Raises
    ------
    UserError
        If the training or the validation part of the responses holds no spike, or if training
        diverges from every start.

    Notes
    -----
    Yan et al. 2020: convolution, rectification, non-linear readout and Poisson loss. Filters share
    the cell by L1 penalties that are raised from zero, so that they tell apart before it prunes.
    """
    rng = np.random.default_rng(seed)
    lags = settings["lags"]
    newest, count = (part[: settings["max_frames"]] for part in responses.samples(lags))
    trial = responses.trials(lags)[: settings["max_frames"]]
    held_out = validation_mask(len(count), settings["validation_fraction"])
    for name, part in {"training": ~held_out, "validation": held_out}.items():
        if not count[part].any():
            raise UserError(
                f"{name} part of the responses",
                f"no spike in {part.sum()} frames",
                "at least one spike",
                "use more frames, or leave this cell out",
            )
    gain = block_gain(count, trial, ~held_out, settings["drift_trials"])
    arrays = newest, count, gain[trial].astype(np.float32)
    known, unknown = (Samples.of(part, device, *arrays) for part in (~held_out, held_out))
    inputs, basis, mean, sd = _inputs(
        stimulus, newest[~held_out], count[~held_out], settings, device
    )
    mean_count = float(known.count.mean())
    filters = _start(inputs, stimulus.shape[1:], known, settings, rng)
    module = Module(filters, stimulus.shape[1:], settings, mean_count, rng).to(device)
    fit = Fit(module, inputs, known, responses.frame_rate, settings, int(rng.integers(2**62)))
    data = b"".join(array.tobytes() for array in (stimulus.codes, *arrays))
    fit.run(unknown, checkpoint, hashlib.sha256(data).hexdigest())
    module.load_state_dict(fit.best.state)
    networks = module.networks(basis, mean, sd, stimulus.shape[1:], responses.frame_rate)
    steps, *curves = (np.array(column) for column in zip(*fit.history, strict=True))
    return Training(
        networks, fit.best.step, int(fit.best.score.argmax()), steps,
        *(curve.T for curve in curves), gain,
    )  # fmt: skip


def _inputs(stimulus: Stimulus, newest: np.ndarray, count: np.ndarray, settings: Mapping, device):
    """Inputs, their basis (channel, lag), and the normalisation, all from training data alone."""
    lags, n_functions = settings["lags"], settings["temporal_basis"]
    mean, sd = stimulus.mean_and_sd()
    if n_functions == 0:
        return Lagged(stimulus, lags, mean, sd, device), np.eye(lags, dtype=np.float32), mean, sd
    sta = spike_triggered_average(stimulus, newest, count, lags) - mean
    basis = orthonormal_basis(separate(sta)[0], min(n_functions, lags))
    return Projected(stimulus, basis, mean, sd, device), basis, mean, sd


def _start(inputs, shape: tuple[int, int], known: Samples, settings: Mapping, rng) -> np.ndarray:
    """Filters to start from (seed, filter, y, x, channel)."""
    size = [side if settings["filter_size"] == "crop" else min(settings["filter_size"], side)
            for side in shape]  # fmt: skip
    n_filters, spread = settings["filters"], settings["weight_spread"]
    start = starts.random(settings["seeds"], n_filters, size, inputs.channels, spread, rng)
    if settings["start"] == "random":
        return start
    fired = known.newest[known.count > 0]

    def spikes(index: np.ndarray) -> np.ndarray:
        return inputs.batch(fired[torch.from_numpy(index).to(fired.device)]).cpu().numpy()

    n_means = {"sta": 1, "clusters": n_filters}[settings["start"]]
    return starts.around(start, starts.clusters(spikes, len(fired), n_means, rng), spread)
