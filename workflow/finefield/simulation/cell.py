"""Simulated ganglion cells: subunits in space, a temporal filter, two nonlinearities and spikes."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from finefield.base.errors import UserError
from finefield.simulation.settings import CellSettings
from finefield.simulation.shapes import subunit_image, subunit_sign
from finefield.simulation.temporal_filter import difference_of_gammas
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window

#: Subunit nonlinearities: drive -> output, both dimensionless.
NONLINEARITIES = {
    "rectified_linear": lambda drive: np.maximum(drive, 0),
    "squared": lambda drive: np.maximum(drive, 0) ** 2,
    "softplus": lambda drive: np.logaddexp(0, drive),
}


@dataclass(frozen=True)
class Cell:
    """A subunit (LNLN) model of a ganglion cell.

    Attributes
    ----------
    window : Window
        Crop on the stimulus field.
    subunits : ndarray of float64, shape (subunit, y, x)
        Spatial filters on the crop [1].
    signs : ndarray of float64, shape (subunit,)
        1, or -1 for a subunit of the opposite polarity.
    weights : ndarray of float64, shape (subunit,)
        Weights of the subunits' outputs in the sum [1].
    temporal_filter : ndarray of float64, shape (lag,)
        Shared by all subunits; its first lobe is positive for ON, negative for OFF [1].
    nonlinearity : str
        A key of `NONLINEARITIES`.
    threshold : float
        Subtracted from the sum before it is rectified [1].
    gain : float
        Firing rate per unit of the rectified sum [Hz].
    spikes : {"bernoulli", "poisson"}
        How spikes are drawn in each frame.
    """

    window: Window
    subunits: np.ndarray
    signs: np.ndarray
    weights: np.ndarray
    temporal_filter: np.ndarray
    nonlinearity: str
    threshold: float
    gain: float
    spikes: str

    @property
    def spatial_filter(self) -> np.ndarray:
        """Weighted sum of the subunits, those of the opposite polarity less (y, x) [1]."""
        return np.tensordot(self.signs * self.weights, self.subunits, axes=1)


def build_cell(settings: CellSettings, frame_rate: float) -> Cell:
    """Make a cell as the config describes it.

    Parameters
    ----------
    settings : CellSettings
        As under ``datasets.<name>.cells.<cell>`` in the config.
    frame_rate : float
        Frames per second [Hz].

    Returns
    -------
    Cell

    Raises
    ------
    UserError
        If a subunit leaves the crop.
    """
    window = Window(**dict(settings.crop))
    shape = (window.height, window.width)
    temporal_filter = difference_of_gammas(frame_rate=frame_rate, **dict(settings.temporal_filter))
    return Cell(
        window=window,
        subunits=np.stack([subunit_image(one, shape) for one in settings.subunits]),
        signs=np.array([subunit_sign(one, settings.polarity) for one in settings.subunits]),
        weights=np.array([one.weight for one in settings.subunits], float),
        temporal_filter=temporal_filter * {"ON": 1, "OFF": -1}[settings.polarity],
        nonlinearity=settings.subunit_nonlinearity,
        threshold=settings.output.threshold,
        gain=settings.output.gain,
        spikes=settings.spikes,
    )


def firing_rate(cell: Cell, stimulus: Stimulus) -> np.ndarray:
    """Firing rate of a cell in every frame of a movie on its crop.

    Parameters
    ----------
    cell : Cell
        The cell.
    stimulus : Stimulus
        Movie on the cell's crop. Contrast before its first frame is taken as 0.

    Returns
    -------
    ndarray of float32, shape (frame,)
        Rate [Hz]: gain max(0, sum of weighted subunit outputs - threshold).

    Raises
    ------
    ValueError
        If the movie is not on a crop of the cell's size.

    Notes
    -----
    Yan et al. 2020, simulated cell: space, then time, then the subunit nonlinearity, then the sum.
    """
    if stimulus.shape[1:] != cell.subunits.shape[1:]:
        raise ValueError(f"movie of {stimulus.shape[1:]} pixels, crop of {cell.subunits.shape[1:]}")
    filters = cell.signs * cell.subunits.reshape(len(cell.subunits), -1).T
    history = np.zeros((len(cell.temporal_filter) - 1, filters.shape[1]))
    rate = np.empty(stimulus.n_frames, np.float32)
    for start, frames in stimulus.blocks(history=0):
        drive = frames.reshape(len(frames), -1).astype(float) @ filters
        drive, history = lfilter(cell.temporal_filter, 1, drive, axis=0, zi=history)
        total = NONLINEARITIES[cell.nonlinearity](drive) @ cell.weights
        rate[start : start + len(frames)] = cell.gain * np.maximum(0, total - cell.threshold)
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
) -> tuple[np.ndarray, np.ndarray]:
    """Firing rate and spikes of a cell to repeats of one movie on its crop.

    Returns
    -------
    firing_rate : ndarray of float32, shape (frame,)
        Rate [Hz].
    spike_count : ndarray of uint8, shape (trial, frame)
        Spikes.
    """
    rate = firing_rate(cell, stimulus)
    return rate, draw_spikes(rate, n_trials, frame_rate, cell.spikes, rng)
