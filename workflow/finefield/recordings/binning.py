"""Spike times to spike counts: which stimulus frame was shown at each spike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.observed import inside
from finefield.recordings.times import (
    check_frame_rate,
    check_frame_times,
    check_span,
    check_spike_times,
    refractory_violations,
    spikes_within,
)
from finefield.recordings.triggers import LONGEST, SHORTEST, Timing, check_intervals

#: A frame may appear so much later than one period after the last, by rounding [periods].
ROUNDING = 1e-3


@dataclass(frozen=True)
class FrameTimes:
    """When the frames of one stimulus sequence were shown.

    Attributes
    ----------
    onset : ndarray of float64, shape (row, column)
        Time at which each frame appeared, rows in the order shown; NaN: no frame.
    index : ndarray of int, shape (row, column)
        Which frame of the sequence it was.
    thing : str
        What messages call the times.
    """

    onset: np.ndarray
    index: np.ndarray
    thing: str


@dataclass(frozen=True)
class Trials:
    """Frames of one stimulus sequence in gapless trials.

    Attributes
    ----------
    onset : ndarray of float64, shape (frame,)
        Time at which each frame appeared, one trial after another.
    first_frame, n_frames : ndarray of int64, shape (trial,)
        As in `Sequence`.
    """

    onset: np.ndarray
    first_frame: np.ndarray
    n_frames: np.ndarray


def gapless_trials(onset: np.ndarray, index: np.ndarray, period: float) -> Trials:
    """Split frames wherever the next one did not follow at once, so that history stays whole.

    Parameters
    ----------
    onset, index : ndarray, shape (row, column)
        As in `FrameTimes`.
    period : float
        Nominal time from frame to frame, in the unit of `onset`.

    Returns
    -------
    Trials
        A trial ends with its row, before a frame that was not shown, where the index does not
        increase by one, and where the next frame appears after more than 1.5 periods.

    Examples
    --------
    >>> onset = np.array([[0.0, 1.0, 3.0, 4.0], [9.0, 10.0, 11.0, np.nan]])
    >>> trials = gapless_trials(onset, np.tile(np.arange(4), (2, 1)), period=1.0)
    >>> trials.first_frame.tolist(), trials.n_frames.tolist()
    ([0, 2, 0], [2, 2, 3])
    """
    starts = np.ones(onset.shape, bool)
    # No interval to or from a NaN is short enough.
    follows = np.diff(onset) <= LONGEST * period
    starts[:, 1:] = ~follows | (np.diff(index) != 1)
    shown = ~np.isnan(onset)
    first = np.flatnonzero(starts[shown])
    n_frames = np.diff(np.append(first, np.count_nonzero(shown)))
    return Trials(onset[shown], index[shown][first].astype(np.int64), n_frames)


def bin_recording(
    spikes: Mapping[str, np.ndarray],
    shown: Mapping[str, FrameTimes],
    frame_rate: float,
    thing: str,
    *,
    seconds_per_unit: float | None,
    spikes_outside: str,
    samples: bool = False,
    observed: Mapping[str, np.ndarray] | None = None,
) -> Recording:
    """Count spikes in the frames of each sequence.

    A spike belongs to the frame shown at its time; no time is converted, as that would round it.

    Parameters
    ----------
    spikes : mapping of ndarray, shape (spike,)
        Spike times of each cell, by its name; messages call them `thing`.
    shown : mapping of FrameTimes
        Frames of each sequence, "running" and "frozen", on the spikes' clock, at nominally
        `frame_rate` [Hz].
    seconds_per_unit : float or None
        Unit of all times [s]; None: seconds, as the format prescribes.
    spikes_outside : {"error", "ignore"}
        What is done about spikes before the first frame, or after the last one and one more period.
    samples : bool
        Whether the unit is a sample of the recording, as the format prescribes.
    observed : mapping of ndarray, shape (interval, 2), optional
        When each cell was observed, as from `observed.intervals`; at all times if left out.

    Raises
    ------
    UserError
        As from the checks of `times` and `triggers`; for sequences shown at once, or more than 255
        spikes a frame.

    Examples
    --------
    >>> running = FrameTimes(np.array([[0.0, 0.1, 0.2]]), np.array([[0, 1, 2]]), "running")
    >>> frozen = FrameTimes(np.array([[0.4, 0.5]]), np.array([[0, 1]]), "frozen")
    >>> spikes = {"a": np.array([0.01, 0.25, 0.28, 0.35, 0.58])}
    >>> how = {"seconds_per_unit": 1.0, "spikes_outside": "error"}
    >>> shown = {"running": running, "frozen": frozen}
    >>> bin_recording(spikes, shown, 10.0, "spikes", **how).running.spike_count.tolist()
    [[[1, 0, 2]]]
    """
    for frames in shown.values():
        check_frame_times(frames.onset, frames.thing)
        known = seconds_per_unit, frames.thing
        check_frame_rate(frames.onset, frame_rate, *known, samples=samples)
    spikes = {cell: check_spike_times(t, f"{thing}, cell {cell}") for cell, t in spikes.items()}
    unit = seconds_per_unit or 1.0
    period = 1 / (frame_rate * unit)
    timings = [check_intervals(f.onset, period, f.thing, f.index) for f in shown.values()]
    trials = [gapless_trials(f.onset, f.index, period) for f in shown.values()]
    _check_apart(trials, period, " and ".join(frames.thing for frames in shown.values()))
    onset, place, end = _shown(trials, period)
    check_span(spikes, onset[0], end[-1], thing)
    spikes = spikes_within(spikes, onset[0], end[-1], period, spikes_outside, thing)
    found = _counted(spikes, trials, onset, place, end, thing, observed, ROUNDING * period)
    timed = [
        replace(one, timing=_in_seconds(timing, unit))
        for one, timing in zip(found, timings, strict=True)
    ]
    violations = np.array([refractory_violations(unit * times) for times in spikes.values()])
    return Recording(tuple(spikes), **dict(zip(shown, timed, strict=True)), violations=violations)


def _counted(
    spikes: Mapping, trials: list, onset, place, end, thing: str, observed, slack: float
) -> list[Sequence]:
    """Spikes counted in the frames of all trials, which `place` puts in their order."""

    def parts(of_cell: Callable[[str], np.ndarray], dtype: type) -> list[np.ndarray]:
        in_order = np.empty((len(spikes), len(onset)), dtype)
        for row, cell in zip(in_order, spikes, strict=True):
            row[place] = of_cell(cell)
        return np.split(in_order, np.cumsum([len(one.onset) for one in trials[:-1]]), axis=1)

    counts = parts(lambda cell: _count(spikes[cell], onset, end, f"{thing}, cell {cell}"), np.uint8)
    seen = [None] * len(trials)
    if observed is not None:
        seen = parts(lambda cell: inside(onset, end, observed[cell], slack), bool)
    return list(map(_sequence, trials, counts, seen))


def _sequence(trials: Trials, count: np.ndarray, observed: np.ndarray | None) -> Sequence:
    """Values (cell, frame) of trials one after another as arrays of trials, padded."""
    shown = np.arange(trials.n_frames.max()) < trials.n_frames[:, None]

    def padded(in_order: np.ndarray) -> np.ndarray:
        array = np.zeros((len(in_order), *shown.shape), in_order.dtype)
        array[:, shown] = in_order
        return array

    observed = None if observed is None or observed.all() else padded(observed)
    return Sequence(padded(count), trials.first_frame, trials.n_frames, observed)


def _in_seconds(timing: Timing, unit: float) -> Timing:
    """Times in seconds."""
    times = {key: unit * getattr(timing, key) for key in ("gap_time", "alone_time")}
    return replace(timing, **times)


def _check_apart(sequences: list[Trials], period: float, thing: str) -> None:
    """Raise UserError if a trial begins before another has ended, or its last frame has."""
    spans = []
    for trials in sequences:
        last = np.cumsum(trials.n_frames) - 1
        first = last + 1 - trials.n_frames
        spans += zip(trials.onset[first], trials.onset[last], strict=True)
    spans.sort()
    for (first, last), (other, _) in pairwise(spans):
        if other <= last:
            raise UserError(
                thing,
                f"a frame at {other} while frames from {first} to {last} were shown",
                "trials one after another",
                "correct the frame times: give both on one clock, and each frame once",
            )
        if other - last < SHORTEST * period:
            got = f"{other} only {(other - last) / period:.2g} periods after {last}"
            expected = f"at least {SHORTEST:g} of a period, {SHORTEST * period:.4g}"
            raise UserError(thing, got, expected, "remove the trigger that is no frame's")


def _shown(trials: list[Trials], period: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All frames in the order shown.

    A frame lasts until the next one of its trial appears; the last one of a trial lasts one nominal
    period, or until another trial begins.

    Returns
    -------
    onset : ndarray of float64, shape (frame,)
        When each appeared.
    place : ndarray of int64, shape (frame,)
        Its place in the trials' frames, one sequence after the other.
    end : ndarray of float64, shape (frame,)
        When it ended.
    """
    onset = np.concatenate([each.onset for each in trials])
    last = np.zeros(len(onset), bool)
    last[np.cumsum(np.concatenate([each.n_frames for each in trials])) - 1] = True
    place = np.argsort(onset)
    onset = onset[place]
    following = np.append(onset[1:], np.inf)
    alone = last[place] & (following > onset + (1 + ROUNDING) * period)
    return onset, place, np.where(alone, onset + period, following)


def _count(times: np.ndarray, onset: np.ndarray, end: np.ndarray, thing: str) -> np.ndarray:
    """Spikes from `onset` up to but not including `end` of each frame; UserError above 255."""
    frame = np.searchsorted(onset, times, side="right") - 1
    count = np.bincount(frame[times < end[frame]], minlength=len(onset))
    if count.max() > 255:
        got = f"{count.max()} spikes in the frame at {onset[count.argmax()]}"
        fix = "check the unit of the spike times, or leave the cell out of the recording"
        raise UserError(thing, got, "at most 255 spikes in a frame", fix)
    return count
