"""STNMF as a network: its modules are the filters, and their readout is fitted to the spikes."""

import logging
import math
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from finefield.averages.sta import separate, spike_triggered_average
from finefield.base.errors import UserError
from finefield.networks import stnmf_program
from finefield.networks.loss import poisson_loss
from finefield.networks.network import Network
from finefield.networks.readout import fit_readout
from finefield.networks.settings import NetworkSettings
from finefield.networks.training.train import Training
from finefield.responses.drift import block_gain
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData
from finefield.responses.scores import correlation
from finefield.stimuli.movie import Stimulus

log = logging.getLogger(__name__)

#: The program is run by path; the import lets its code count as code of this module.
RUNNER = Path(stnmf_program.__file__)
#: Most spikes that STNMF is given; its time and memory grow with their number.
MAX_SPIKES = 30_000
FIX = "make stnmf, or name another environment with envs/requirements-stnmf.txt"


@dataclass(frozen=True)
class Modules:
    """What STNMF found at one sparsity.

    Attributes
    ----------
    images : ndarray of float32, shape (module, y, x)
        Localised modules, of unit norm [1].
    seconds : float
        Duration of the factorisation [s].
    """

    images: np.ndarray
    seconds: float


def time_course(stimulus: Stimulus, newest: np.ndarray, count: np.ndarray, lags: int) -> np.ndarray:
    """Temporal part of the spike-triggered average, of unit norm, float64 (lag,) [1].

    Parameters
    ----------
    stimulus, newest, count, lags
        As for `sta.spike_triggered_average`, with the same errors.
    """
    sta = spike_triggered_average(stimulus, newest, count, lags) - stimulus.mean_and_sd()[0]
    temporal = separate(sta)[0]
    return temporal / np.linalg.norm(temporal)


def ensemble(
    stimulus: Stimulus,
    newest: np.ndarray,
    count: np.ndarray,
    temporal: np.ndarray,
    max_spikes: int = MAX_SPIKES,
) -> np.ndarray:
    """Effective spike-triggered ensemble: what a cell saw before its spikes, filtered in time.

    Parameters
    ----------
    stimulus : Stimulus
        The movie.
    newest : ndarray of int, shape (sample,)
        Newest stimulus frame (lag 0) of each sample, at least as many as there are lags.
    count : ndarray, shape (sample,)
        Spikes; a sample with two of them comes twice.
    temporal : ndarray, shape (lag,)
        Temporal filter, as from `time_course` [1].
    max_spikes : int
        Of more spikes, so many are used, spread evenly.

    Returns
    -------
    ndarray of float32, shape (y, x, spike)
        Contrast in units of its SD, filtered [1].

    Notes
    -----
    Liu et al. 2017 (Nat. Commun. 8:149). The movie is read in blocks and never held whole.

    Examples
    --------
    >>> from finefield.stimuli.movie import BinaryStimulus
    >>> movie = BinaryStimulus.from_frames(np.array([[[0]], [[1]], [[1]], [[0]]]))
    >>> ensemble(movie, np.array([1, 3]), np.array([2, 1]), np.array([1.0, 0.5]))
    array([[[ 0.5,  0.5, -0.5]]], dtype=float32)
    """
    spikes = np.repeat(newest, np.asarray(count, int))
    if len(spikes) > max_spikes:
        spikes = spikes[np.linspace(0, len(spikes) - 1, max_spikes).round().astype(int)]
    mean, sd = map(np.float32, stimulus.mean_and_sd())
    history, size = len(temporal) - 1, 4096
    filtered = np.empty((*stimulus.shape[1:], len(spikes)), np.float32)
    for start, frames in stimulus.blocks(history, size):
        (chosen,) = np.nonzero((spikes >= start) & (spikes < start + size))
        contrast = (frames - mean) / sd
        last = spikes[chosen] - max(0, start - history)
        parts = enumerate(temporal.astype(np.float32))
        seen = sum(part * contrast[last - lag] for lag, part in parts)
        filtered[:, :, chosen] = np.moveaxis(seen, 0, -1)
    return filtered


def localised_modules(
    filtered: np.ndarray,
    n_modules: int,
    sparsities: Sequence[float],
    python: str | Path,
    seed: int = 0,
    threads: int = 1,
) -> list[Modules]:
    """Run STNMF in its own Python.

    Parameters
    ----------
    filtered : ndarray of float32, shape (y, x, spike)
        Effective spike-triggered ensemble.
    n_modules : int
        Modules to look for.
    sparsities : sequence of float
        Weights of the penalty on their pixels, each of which is tried.
    python : path
        Python of an environment with envs/requirements-stnmf.txt.
    seed : int
        Seed of STNMF's random numbers, of which its default start draws none.
    threads : int
        Threads of its matrix products.

    Returns
    -------
    list of Modules
        Those of each sparsity.

    Raises
    ------
    UserError
        If the Python is not there, or if STNMF ends with an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "ensemble.npy"), Path(folder, "modules.npz")
        np.save(source, filtered)
        _run(python, threads, source, target, n_modules, seed, *sparsities)
        with np.load(target) as found:
            return [
                Modules(np.float32(found[f"images_{number}"]), float(found[f"seconds_{number}"]))
                for number in range(len(sparsities))
            ]


def _run(python: str | Path, threads: int, *arguments: object) -> None:
    """Run the program with some arguments; what it prints is logged."""
    limits = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL")}
    # Isolated (-I), so that neither our own modules nor the user's take the place of theirs.
    command = [str(one) for one in (python, "-I", RUNNER, *arguments)]
    with tempfile.TemporaryFile("w+", errors="replace") as complaints:
        try:
            process = subprocess.Popen(
                command, env=os.environ | limits, stdout=subprocess.PIPE, stderr=complaints,
                text=True, errors="replace",
            )  # fmt: skip
        except OSError as error:
            expected = "the Python of the environment of STNMF"
            got = f"{python} ({error.strerror})"
            raise UserError("stnmf_python", got, expected, FIX) from error
        with process:
            for line in process.stdout:
                log.info(line.rstrip())
        if process.returncode:
            complaints.seek(0)
            said = complaints.read().strip().splitlines() or [f"exit status {process.returncode}"]
            raise UserError(f"STNMF, run by {python}", said[-1], "a factorisation", FIX)


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
    stimulus : Stimulus
        Training sequence on the cell's crop.
    responses : Responses
        The cell's responses to it.
    settings : NetworkSettings
        The keys of ``models.<name>`` in the config.
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

    Notes
    -----
    STNMF is Liu et al. 2017 (Nat. Commun. 8:149) as in Zapp & Gollisch's Python package. Each of
    its localised modules times the temporal part of the spike-triggered average is a filter as
    large as the crop, rectified and read out by `fit_readout` on the training samples.
    """
    data, lags = TrainingData.of(responses, settings, stimulus.held_out), settings.lags
    known = ~data.held_out
    gain = block_gain(data.count, data.trial, known, settings.drift_trials)
    spikes = data.newest[known], data.count[known]
    temporal = time_course(stimulus, *spikes, lags)
    found = _scan(ensemble(stimulus, *spikes, temporal), settings, seed, python, threads)
    size = max(1, *map(len, found))
    padded = [np.pad(images, ((0, size - len(images)), (0, 0), (0, 0))) for images in found]
    fits = []
    for images, sparsity, number in zip(padded, settings.sparsity, map(len, found), strict=True):
        weight = (temporal[:, None, None] * images[:, None]).astype(np.float32)
        fits.append(_fit(weight, stimulus, responses.frame_rate, data, gain, settings))
        log.info("sparsity %g: %d modules, validation loss %.4f", sparsity, number, fits[-1][2])
    networks, *curves = zip(*fits, strict=True)
    train_loss, validation_loss, validation_correlation = (np.array(one)[:, None] for one in curves)
    selected = int(np.argmin(validation_loss))
    log.info("selected: sparsity %g", settings.sparsity[selected])
    if not len(found[selected]):
        log.warning("STNMF found no localised module: the network predicts the mean rate")
    n_starts = {"seeds": len(networks), "halves": 0, "bootstraps": 0}
    return Training(
        networks=list(networks),
        n_starts=n_starts,
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
    loss = poisson_loss(expected, count) / count[known].mean()
    network = replace(
        network, readout=readout.weight[:, None, None], readout_offset=readout.offset,
        rate_scale=readout.scale * frame_rate,
    )  # fmt: skip
    fit = correlation(expected[held_out], count[held_out])
    return network, loss[known].mean(), loss[held_out].mean(), fit
