"""What a recording holds: frames, whole repeats, silent trials, rates, and units that are alike."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from finefield.recordings.data import Sequence
from finefield.recordings.silence import fired_frames

#: Parts of a recording in which rates are compared.
PARTS = 10
#: Frames whose counts are held as floating-point numbers at a time.
BLOCK = 65536


@dataclass(frozen=True)
class Description:
    """What a sequence of a recording holds.

    Attributes
    ----------
    n_frames : int
        Frames of all trials.
    reach : int
        Stimulus frames up to the last one that was shown.
    n_whole : int
        Trials that show the sequence whole, which are as long as any and begin with the first
        frame.
    silent : ndarray of int, shape (silent,)
        Trials in which no cell fires, or none to the end, from 1; see `silence.fired_frames`.
    trial_rate : ndarray of float64, shape (trial,)
        Mean firing rate of all cells in each trial [Hz].
    """

    n_frames: int
    reach: int
    n_whole: int
    silent: np.ndarray
    trial_rate: np.ndarray


def describe(sequence: Sequence, frame_rate: float) -> Description:
    """Say what a sequence of a recording holds.

    Parameters
    ----------
    sequence : Sequence
        All cells' responses to it.
    frame_rate : float
        Frames per second [Hz].

    Returns
    -------
    Description

    Examples
    --------
    >>> counts = np.array([[[1, 0, 1, 0], [1, 1, 0, 0]]], np.uint8)
    >>> found = describe(Sequence(counts, np.array([0, 0]), np.array([4, 2])), 30.0)
    >>> found.n_frames, found.reach, found.n_whole, found.trial_rate.tolist()
    (6, 4, 1, [15.0, 30.0])
    """
    spikes = sequence.spike_count.sum((0, 2), dtype=np.int64)
    per_cell = spikes / len(sequence.spike_count)
    return Description(
        n_frames=int(sequence.n_frames.sum()),
        reach=sequence.reach,
        n_whole=int(whole_repeats(sequence).sum()),
        silent=1 + np.flatnonzero(fired_frames(sequence) < sequence.n_frames),
        trial_rate=frame_rate * per_cell / sequence.n_frames,
    )


def whole_repeats(sequence: Sequence) -> np.ndarray:
    """Trials as long as any that begin with the sequence's first frame, bool (trial,)."""
    longest = sequence.n_frames == sequence.n_frames.max()
    return longest & (sequence.first_frame == sequence.first_frame.min())


def part_rates(sequence: Sequence, frame_rate: float) -> np.ndarray:
    """Each cell's rate in tenths of a sequence.

    Parameters
    ----------
    sequence, frame_rate
        As for `describe`.

    Returns
    -------
    ndarray of float64, shape (cell, part)
        Rate in the frames in which the cell was observed [Hz]; NaN if there are none.

    Examples
    --------
    >>> counts = np.repeat(np.arange(10, dtype=np.uint8), 3)[None, None]
    >>> part_rates(Sequence(counts, np.array([0]), np.array([30])), 2.0)[0, :4].tolist()
    [0.0, 2.0, 4.0, 6.0]
    """
    inside = sequence.inside
    edges = np.linspace(0, inside.sum(), PARTS + 1).astype(int)
    rates = np.full((len(sequence.spike_count), PARTS), np.nan)
    for cell, count in enumerate(sequence.spike_count):
        count, seen = count[inside], np.ones(edges[-1], bool)
        if sequence.observed is not None:
            seen = sequence.observed[cell][inside]
        for part, (start, stop) in enumerate(pairwise(edges)):
            if seen[start:stop].any():
                rates[cell, part] = count[start:stop][seen[start:stop]].mean()
    return frame_rate * rates


def most_alike(sequence: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Which other cell's spike counts are most like each cell's: one unit that was sorted twice.

    Parameters
    ----------
    sequence : Sequence
        All cells' responses.

    Returns
    -------
    other : ndarray of int, shape (cell,)
        The other cell's number.
    correlation : ndarray of float64, shape (cell,)
        Pearson correlation of both cells' spike counts over all frames; NaN for a cell without
        spikes, or without another cell.

    Examples
    --------
    >>> counts = np.array([[[1, 0, 2, 0]], [[0, 3, 0, 0]], [[1, 0, 2, 0]]], np.uint8)
    >>> other, correlation = most_alike(Sequence(counts, np.array([0]), np.array([4])))
    >>> other.tolist(), np.round(correlation, 2).tolist()
    ([2, 0, 0], [1.0, -0.52, 1.0])
    """
    inside, n_cells = sequence.inside, len(sequence.spike_count)
    counts = sequence.spike_count[:, inside]
    sums, products = counts.sum(1, dtype=float), np.zeros((n_cells, n_cells))
    for start in range(0, counts.shape[1], BLOCK):
        # Sums of so many small whole numbers are exact in single precision.
        block = counts[:, start : start + BLOCK].astype(np.float32)
        products += block @ block.T
    covariance = products / counts.shape[1] - np.outer(sums, sums) / counts.shape[1] ** 2
    sd = np.sqrt(np.diag(covariance))
    size = np.outer(sd, sd)
    alike = np.divide(covariance, size, out=np.full_like(size, -np.inf), where=size > 0)
    np.fill_diagonal(alike, -np.inf)
    found = alike.max(1)
    return alike.argmax(1), np.where(np.isfinite(found), found, np.nan)
