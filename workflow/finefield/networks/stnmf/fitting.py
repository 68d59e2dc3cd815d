"""STNMF as a network: its modules are the filters, and their readout is fitted to the spikes.

STNMF is Liu et al. 2017 (Nat. Commun. 8:149) as in Zapp & Gollisch's Python package. Each of its
localised modules times the temporal part of the spike-triggered average is a filter as large as the
crop, rectified and read out by `fit_readout` on the training samples.
"""

import logging
import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from finefield.networks.loss import poisson_loss
from finefield.networks.network import Network
from finefield.networks.readout import fit_readout
from finefield.networks.settings import NetworkSettings
from finefield.networks.stnmf.ensembles import ensemble, time_course
from finefield.networks.stnmf.running import localised_modules
from finefield.networks.training.result import Training
from finefield.responses.drift import block_gain
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData
from finefield.responses.scores import correlation
from finefield.stimuli.movie import Stimulus

log = logging.getLogger(__name__)


def train_stnmf(
    stimulus: Stimulus,
    responses: Responses,
    settings: NetworkSettings,
    seed: np.random.Generator | int,
    python: str | Path,
    threads: int = 1,
) -> Training:
    """Find the modules of one cell by STNMF, and fit an output so that they predict it.

    Parameters
    ----------
    stimulus, responses, settings
        As for `train`.
    seed : int or numpy.random.Generator
        Source of STNMF's seed.
    python : path
        Python of an environment with envs/requirements-stnmf.txt.
    threads : int
        Threads of STNMF's matrix products.

    Returns
    -------
    Training
        A network for each sparsity, as "seeds", in the order of the settings; the one with the
        lowest validation loss is selected. Networks with fewer localised modules than others have
        filters of zeros besides. Without any module a network predicts the mean rate.

    Raises
    ------
    UserError
        If the training or the validation part of the responses holds no spike, or as in
        `localised_modules`.
    """
    data, lags = TrainingData.of(responses, settings, stimulus.held_out), settings.lags
    known = ~data.held_out
    drift = settings.drift_trials
    gain = block_gain(data.count, data.trial, known, drift, lengths=responses.lengths)
    spikes = data.newest[known], data.count[known]
    temporal = time_course(stimulus, *spikes, lags)
    found = _scan(ensemble(stimulus, *spikes, temporal), settings, seed, python, threads)
    size = max(1, *map(len, found))
    padded = [np.pad(images, ((0, size - len(images)), (0, 0), (0, 0))) for images in found]
    weights = [(temporal[:, None, None] * one[:, None]).astype(np.float32) for one in padded]
    fits = [_fit(one, stimulus, responses.frame_rate, data, gain, settings) for one in weights]
    for sparsity, images, fit in zip(settings.sparsity, found, fits, strict=True):
        log.info("sparsity %g: %d modules, validation loss %.4f", sparsity, len(images), fit[2])
    return _result(fits, found, padded, gain, settings.sparsity)


def _result(fits: list, found: list, padded: list, gain: np.ndarray, sparsity: list) -> Training:
    """The networks of all sparsities; the one of the lowest validation loss is selected."""
    networks, *curves = zip(*fits, strict=True)
    train_loss, validation_loss, validation_correlation = (np.array(one)[:, None] for one in curves)
    selected = int(np.argmin(validation_loss))
    log.info("selected: sparsity %g", sparsity[selected])
    if not len(found[selected]):
        log.warning("STNMF found no localised module: the network predicts the mean rate")
    return Training(
        networks=list(networks),
        n_starts={"seeds": len(networks), "halves": 0, "bootstraps": 0},
        best_step=np.zeros(len(networks), int),
        selected=selected,
        step=np.array([0]),
        train_loss=train_loss,
        validation_loss=validation_loss,
        validation_correlation=validation_correlation,
        film=padded[selected][None],
        gain=gain,
    )


def _scan(
    filtered: np.ndarray, settings: NetworkSettings, seed, python: str | Path, threads: int
) -> list[np.ndarray]:
    """Localised modules (module, y, x) at each sparsity."""
    # Its start are singular vectors, two modules from each, of which there are fewer than this.
    rank = min(math.prod(filtered.shape[:2]), filtered.shape[2])
    n_modules = min(settings.filters, 2 * (rank - 1))
    if n_modules < 2:
        return [np.zeros((0, *filtered.shape[:2]), np.float32)] * len(settings.sparsity)
    log.info("%d spikes, %d modules", filtered.shape[2], n_modules)
    number = int(np.random.default_rng(seed).integers(2**31))
    found = localised_modules(filtered, n_modules, settings.sparsity, python, number, threads)
    return [one.images for one in found]


def _fit(
    weight: np.ndarray,
    stimulus: Stimulus,
    frame_rate: float,
    data: TrainingData,
    gain: np.ndarray,
    settings: NetworkSettings,
) -> tuple[Network, float, float, float]:
    """A network of filters (filter, lag, y, x) whose output is fitted to the known samples.

    Returns
    -------
    network : Network
        It.
    train_loss, validation_loss, validation_correlation : float
        As in `Training`.
    """
    mean, sd = stimulus.mean_and_sd()
    network = Network(
        weight=weight,
        bias=np.zeros(len(weight), np.float32),
        readout=np.ones((len(weight), 1, 1)),
        readout_offset=0.0,
        rate_scale=1.0,
        stimulus_mean=mean,
        stimulus_sd=sd,
        stride=1,
        height=weight.shape[2],
        width=weight.shape[3],
    )
    drives, exposure = network.drives(stimulus, data.newest), gain[data.trial]
    held_out, count = data.held_out, data.count
    known = ~held_out
    readout = fit_readout(
        drives[known], count[known], exposure[known], nonnegative=settings.nonnegative_readout
    )
    expected = readout.rate(drives, exposure)
    losses = poisson_loss(expected, count)
    loss = [losses[part].sum() / count[part].sum() for part in (known, held_out)]
    network = replace(
        network, readout=readout.weight[:, None, None], readout_offset=readout.offset,
        rate_scale=readout.scale * frame_rate,
    )  # fmt: skip
    fit = correlation(expected[held_out], count[held_out])
    return network, *loss, fit
