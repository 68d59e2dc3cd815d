"""A simulated cell tried as in physiology: contrast response, and sums over reversing gratings."""

import logging
from dataclasses import dataclass

import numpy as np

from finefield.simulation.cell import Cell
from finefield.simulation.spikes import HIGHEST_RATE, simulate_responses
from finefield.stimuli.movie import GreyStimulus

log = logging.getLogger(__name__)

#: Temporal frequency of all stimuli, at most [Hz], and cycles: those left out first, and all.
FREQUENCY, SETTLING, CYCLES = 2.0, 4, 24
#: Contrasts of the uniform field; gratings have the largest.
CONTRASTS = 1 / 8, 1 / 4, 1 / 2, 1.0
#: Cycles of gratings across the crop, and their phases [degree].
PERIODS, PHASES = (0.5, 1, 2, 4), tuple(np.arange(8) * 22.5)
#: Repeats of spikes that are not drawn from a rate.
REPEATS = 4


@dataclass(frozen=True)
class Physiology:
    """How a cell responds to stimuli of one temporal frequency.

    Attributes
    ----------
    frequency : float
        Temporal frequency [Hz].
    contrast : ndarray of float64, shape (contrast,)
        Contrasts of a uniform field [1].
    contrast_response : ndarray of float64, shape (contrast,)
        Mean rate at each contrast [Hz].
    period : ndarray of float64, shape (period,)
        Spatial periods of gratings [pixels].
    phase : ndarray of float64, shape (phase,)
        Spatial phases of gratings [degree].
    first, second : ndarray of float64, shape (period, phase)
        Amplitudes of the rate at the temporal frequency (F1) and at twice that (F2) [Hz].
    """

    frequency: float
    contrast: np.ndarray
    contrast_response: np.ndarray
    period: np.ndarray
    phase: np.ndarray
    first: np.ndarray
    second: np.ndarray

    @property
    def nonlinearity_index(self) -> float:
        """Mean F2 over mean F1 over all phases, the largest of all periods that the cell answers.

        Of a cell that sums linearly it is below 1, as F2 vanishes with F1 at some phase (Hochstein
        and Shapley 1976, J. Physiol. 262:237). NaN without any answer.
        """
        first, second = self.first.mean(1), self.second.mean(1)
        answered = np.maximum(first, second) > 0.1 * max(first.max(), second.max())
        answered &= first > 0
        return float((second[answered] / first[answered]).max()) if answered.any() else np.nan


def physiology(cell: Cell, frame_rate: float, rng: np.random.Generator) -> Physiology:
    """Show a cell a flickering field and reversing gratings.

    Parameters
    ----------
    cell : Cell
        The cell.
    frame_rate : float
        Frames per second [Hz].
    rng : numpy.random.Generator
        Source of spikes or noise.

    Returns
    -------
    Physiology
    """
    cycle = max(4, int(np.ceil(frame_rate / FREQUENCY)))
    shape = cell.subunits.shape[1:]
    periods = shape[1] / np.array(PERIODS)
    uniform = [np.full(shape, one) for one in CONTRASTS]
    angle = 2 * np.pi * (np.arange(shape[1]) + 0.5)
    gratings = [
        np.broadcast_to(np.sin(angle / period + np.deg2rad(phase)), shape)
        for period in periods
        for phase in PHASES
    ]
    rate = _rates(cell, np.array([*uniform, *gratings]), cycle, frame_rate, rng)
    harmonic = 2 * np.abs(np.fft.rfft(rate, axis=1)) / cycle
    amplitude = harmonic[len(CONTRASTS) :].reshape(len(periods), len(PHASES), -1)
    if (highest := rate.mean(1).max()) > HIGHEST_RATE:
        said = "flicker or gratings drive the cell to %.0f Hz; no ganglion cell fires above %.0f Hz"
        log.warning(said, highest, HIGHEST_RATE)
    return Physiology(
        frequency=frame_rate / cycle,
        contrast=np.array(CONTRASTS),
        contrast_response=rate[: len(CONTRASTS)].mean(1),
        period=periods,
        phase=np.array(PHASES),
        first=amplitude[..., 1],
        second=amplitude[..., 2],
    )


def _rates(
    cell: Cell, images: np.ndarray, cycle: int, frame_rate: float, rng: np.random.Generator
) -> np.ndarray:
    """Mean rate in each frame of a cycle, (image, frame) [Hz], of images (image, y, x) [1]."""
    wave = np.sin(2 * np.pi * np.arange(CYCLES * cycle) / cycle)
    rates = []
    for image in images:
        movie = _movie(wave[:, None, None] * image)
        # The strongest stimuli may drive a cell beyond what it does in its own stimuli.
        found = simulate_responses(cell, movie, REPEATS, frame_rate, rng, highest_rate=np.inf)
        rate = found.spike_count.mean(0) * frame_rate if found.rate is None else found.rate
        rates.append(rate[SETTLING * cycle :].reshape(-1, cycle).mean(0))
    return np.array(rates)


def _movie(frames: np.ndarray) -> GreyStimulus:
    """A movie of frames (frame, y, x) of contrasts from -1 to 1."""
    levels = np.rint(127 * (frames + 1)).astype(np.uint8)
    return GreyStimulus(np.moveaxis(levels, 0, -1), len(frames), offset=-1, step=1 / 127)
