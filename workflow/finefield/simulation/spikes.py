"""Spikes of simulated cells: drawn from a rate, or of a membrane."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from finefield.base.compiling import compiled
from finefield.base.errors import UserError
from finefield.simulation.cell import Cell
from finefield.simulation.drives import inputs
from finefield.simulation.membranes.fohlmeister_miller import FohlmeisterMillerCell
from finefield.simulation.membranes.lif import LifCell
from finefield.stimuli.movie import Stimulus

#: Highest mean rate that a ganglion cell can have [Hz].
HIGHEST_RATE = 150.0
MEMBRANES = {"lif": LifCell, "fohlmeister_miller": FohlmeisterMillerCell}


@dataclass(frozen=True)
class Simulated:
    """Responses of a simulated cell to repeats of one movie.

    Attributes
    ----------
    spike_count : ndarray of uint8, shape (trial, frame)
        Spikes in each frame.
    rate : ndarray of float32, shape (frame,), or None
        Rate that spikes were drawn from [Hz].
    spike_time, spike_trial : ndarray of float64 and of int32, shape (spike,), or None
        When the membrane spiked since the first frame's onset [s], and in which trial.
    potential : ndarray of float32, shape (step,), or None
        Membrane potential at the start of the first trial [mV].
    step : float
        Time between values of the potential [ms].
    """

    spike_count: np.ndarray
    rate: np.ndarray | None = None
    spike_time: np.ndarray | None = None
    spike_trial: np.ndarray | None = None
    potential: np.ndarray | None = None
    step: float = 0.0


def firing_rate(cell: Cell, stimulus: Stimulus) -> np.ndarray:
    """Firing rate of a cell without a membrane in every frame of a movie on its crop.

    Parameters
    ----------
    cell, stimulus
        As for `drives.inputs`.

    Returns
    -------
    ndarray of float32, shape (frame,)
        Rate [Hz]: gain max(0, excitation - inhibition - threshold), on average over the frame.
    """
    rate = np.empty(stimulus.n_frames, np.float32)
    for start, excitation, inhibition in inputs(cell, stimulus):
        above = np.maximum(0, excitation - inhibition - cell.threshold)
        rate[start : start + len(above)] = cell.gain * above.mean(1)
    return rate


def draw_spikes(
    rate: np.ndarray, n_trials: int, frame_rate: float, law: str, rng: np.random.Generator
) -> np.ndarray:
    """Draw independent spike counts for repeats of one sequence of rates.

    Parameters
    ----------
    rate : ndarray, shape (frame,)
        Firing rate [Hz].
    n_trials : int
        Number of repeats.
    frame_rate : float
        Frames per second [Hz].
    law : {"bernoulli", "poisson"}
        One spike at most with probability rate / frame_rate, or a Poisson count of that mean.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of uint8, shape (trial, frame)
        Spike counts.

    Raises
    ------
    UserError
        If a Bernoulli probability exceeds 1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> draw_spikes(np.array([0.0, 30.0]), 2, 30.0, "bernoulli", rng).tolist()
    [[0, 1], [0, 1]]
    """
    mean = np.asarray(rate, float) / frame_rate
    if law == "poisson":
        return rng.poisson(mean, (n_trials, len(mean))).clip(max=255).astype(np.uint8)
    if mean.max() > 1:
        raise UserError(
            "simulated cell with Bernoulli spikes",
            f"a rate of {mean.max() * frame_rate:.3g} Hz",
            f"at most one spike a frame, {frame_rate:g} Hz",
            "lower output.gain, raise output.threshold, or set spikes: poisson",
        )
    return (rng.random((n_trials, len(mean)), np.float32) < mean).astype(np.uint8)


def simulate_responses(
    cell: Cell,
    stimulus: Stimulus,
    n_trials: int,
    frame_rate: float,
    rng: np.random.Generator,
    threads: int = 1,
    highest_rate: float = HIGHEST_RATE,
) -> Simulated:
    """Spikes of a cell in repeats of one movie on its crop.

    Parameters
    ----------
    cell, stimulus
        As for `drives.inputs`.
    n_trials : int
        Number of repeats.
    frame_rate : float
        Frames per second [Hz].
    rng : numpy.random.Generator
        Source of drawn spikes, or of the membrane's noise in each trial.
    threads : int
        How many trials of a membrane are integrated at once.
    highest_rate : float
        Mean rate that a membrane may have [Hz].

    Returns
    -------
    Simulated
        The same for any number of threads.

    Raises
    ------
    UserError
        If drawn spikes cannot follow the rate, or a membrane's rate is above the highest.
    """
    if cell.membrane is None:
        rate = firing_rate(cell, stimulus)
        return Simulated(draw_spikes(rate, n_trials, frame_rate, cell.spikes, rng), rate)
    excitation, inhibition = conductances(cell, stimulus)
    kind = MEMBRANES[cell.spikes](cell.membrane, cell.sample)
    n_steps = round(len(excitation) * cell.sample / kind.step)
    n_kept = min(int(1000 * cell.membrane.kept / kind.step), n_steps)

    def one_trial(number: int, own: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        current = _noise(cell, len(excitation), own)
        state, kept = kind.rest.copy(), 0 if number else n_kept
        return kind.run(excitation, inhibition, current, state, kept)

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(one_trial, range(n_trials), rng.spawn(n_trials)))
    times = [one / 1000 for one, _ in found]
    _check_rate(sum(map(len, times)) * frame_rate / (n_trials * stimulus.n_frames), highest_rate)
    return Simulated(
        spike_count=np.stack([_in_frames(one, stimulus.n_frames, frame_rate) for one in times]),
        spike_time=np.concatenate(times),
        spike_trial=np.repeat(np.arange(n_trials, dtype=np.int32), [len(one) for one in times]),
        potential=found[0][1].astype(np.float32),
        step=kind.step,
    )


def _check_rate(rate: float, highest: float) -> None:
    """Raise UserError if a membrane's mean rate [Hz] is above the highest."""
    if rate > highest:
        raise UserError(
            "simulated cell with a membrane",
            f"a mean rate of {rate:.3g} Hz",
            f"at most {highest:g} Hz",
            "lower membrane.excitation, or raise output.threshold",
        )


def conductances(cell: Cell, stimulus: Stimulus) -> tuple[np.ndarray, np.ndarray]:
    """Excitatory and inhibitory conductance of a cell's membrane.

    Returns
    -------
    excitation, inhibition : ndarray of float32, shape (sample,)
        After the synapses' low-pass [mS/cm2].
    """
    own, n_phases = cell.membrane, len(cell.filters)
    opened = np.zeros((2, stimulus.n_frames, n_phases), np.float32)
    for start, excitation, inhibition in inputs(cell, stimulus):
        block = slice(start, start + len(excitation))
        opened[0, block] = own.excitation * np.maximum(0, excitation - cell.threshold)
        opened[1, block] = own.inhibition * inhibition
    keep = np.exp(-cell.sample / own.time_constant)
    return tuple(
        compiled(_low_pass)(one.ravel(), keep, 1 - keep, 0.0).astype(np.float32) for one in opened
    )


def _noise(cell: Cell, n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """Noise current of a trial, float32 (sample,) [uA/cm2]: Ornstein and Uhlenbeck's process."""
    own, white = cell.membrane, rng.standard_normal(n_samples, np.float32)
    keep = np.exp(-cell.sample / own.noise_time_constant)
    fresh = np.sqrt(1 - keep**2)
    noise = compiled(_low_pass)(white, keep, fresh, (1 - fresh) * white[0])
    return (own.noise * noise).astype(np.float32)


def _low_pass(values, keep, fresh, start):
    """Values (sample,), each the part `fresh` of an input and the part `keep` of the one before."""
    slow = np.empty(len(values))
    for sample in range(len(values)):
        slow[sample] = fresh * values[sample] + start
        start = keep * slow[sample]
    return slow


def _in_frames(times: np.ndarray, n_frames: int, frame_rate: float) -> np.ndarray:
    """Spikes at times [s] in each frame, uint8 (frame,)."""
    frame = np.minimum((times * frame_rate).astype(int), n_frames - 1)
    return np.bincount(frame, minlength=n_frames).clip(max=255).astype(np.uint8)
