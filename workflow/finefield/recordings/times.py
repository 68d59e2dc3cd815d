"""Checks of spike times and frame times: order, units, span."""

import logging
from collections.abc import Mapping

import numpy as np

from finefield.base.errors import UserError

logger = logging.getLogger(__name__)

#: Largest difference between the configured frame rate and that of the frame times, relative.
RATE_TOLERANCE = 0.1
#: Part of a cell's spike times that may be there twice, and are left out.
MOST_TWINS = 0.01
#: Intervals between the spikes of one cell that are shorter tell of other cells' spikes [s].
REFRACTORY = 1.5e-3
UNITS = {1.0: "seconds", 1e-3: "milliseconds", 1e-6: "microseconds"}


def check_frame_times(onset: np.ndarray, thing: str) -> None:
    """Raise UserError unless frames follow one another.

    Parameters
    ----------
    onset : ndarray of float64, shape (row, column)
        Time at which each frame appeared; NaN: it was not shown.
    thing : str
        What messages call the times.

    Raises
    ------
    UserError
        If there is no frame, a time is infinite, or a time is not later than the one before it, in
        its row or the rows before.

    Examples
    --------
    >>> check_frame_times(np.array([[0.0, 0.1], [0.3, np.nan]]), "eye.mat: running_frame_times")
    """
    fix = "correct the frame times, and save the trials in the order in which they were shown"
    place = np.argwhere(~np.isnan(onset))
    times = onset[~np.isnan(onset)]
    if not len(times):
        raise UserError(thing, "no frames", "the time of at least one frame", fix)
    if np.isinf(times).any():
        row, column = place[np.isinf(times)][0]
        got = f"{onset[row, column]} in trial {row}, frame {column} (from 0)"
        raise UserError(thing, got, "finite times, or NaN for a frame that was not shown", fix)
    backwards = np.flatnonzero(np.diff(times) <= 0)
    if len(backwards):
        earlier, later = times[backwards[0] :][:2]
        row, column = place[backwards[0] + 1]
        got = f"{later} after {earlier} in trial {row}, frame {column} (from 0)"
        expected = "times that increase along each row, a trial, and from row to row"
        raise UserError(thing, got, expected, fix)


def check_frame_rate(
    onset: np.ndarray,
    frame_rate: float,
    seconds_per_unit: float | None,
    thing: str,
    *,
    samples: bool = False,
) -> None:
    """Raise UserError if frames follow one another much faster or slower than they should.

    Parameters
    ----------
    onset : ndarray of float64, shape (row, column)
        As in `check_frame_times`.
    frame_rate : float
        Frames per second as configured [Hz].
    seconds_per_unit : float or None
        Unit of `onset` [s]; None: seconds, as the format prescribes.
    thing : str
        What messages call the times.
    samples : bool
        Whether the unit is a sample of the recording, as the format prescribes.

    Raises
    ------
    UserError
        If the median interval within rows implies a frame rate that differs by more than 10 %. The
        message names the unit that would fit, if one does, and for how many frames of the monitor
        each stimulus frame may have been held.

    Examples
    --------
    >>> check_frame_rate(np.array([[0.0, 33.3, 66.7]]), 30.0, 0.001, "eye.mat: running_frame_times")
    """
    intervals = np.diff(onset, axis=1)
    intervals = intervals[~np.isnan(intervals)]
    if not len(intervals):
        return

    def fits(unit: float) -> bool:
        return abs(1 / (np.median(intervals) * unit) / frame_rate - 1) <= RATE_TOLERANCE

    unit = 1.0 if seconds_per_unit is None else seconds_per_unit
    if fits(unit):
        return
    expected = f"frames at {frame_rate:g} Hz, as configured"
    fix = "correct the frame rate in the config, or the frame times"
    held = 1 / (np.median(intervals) * unit * frame_rate)
    if round(held) > 1 and abs(held / round(held) - 1) <= RATE_TOLERANCE:
        fix = f"save one of every {round(held)} times if each stimulus frame was held for "
        fix += (
            f"{round(held)} frames of the monitor; otherwise correct the frame rate in the config"
        )
    if samples:
        fix += f"; or correct sample_rate, {1 / unit:g} Hz, in params.py or the layout"
    for other in filter(fits, UNITS):
        expected += f"; they would be, were the times in {UNITS[other]}"
        fix = f"set seconds_per_unit to {other:g} in the recording's layout"
        if seconds_per_unit is None:
            fix = "save all times in seconds, as NWB prescribes"
        if samples:
            fix = f"save the times of frames in samples, of which a second has {1 / unit:g}"
    got = f"frames at {1 / (np.median(intervals) * unit):.4g} Hz, by the median interval"
    raise UserError(thing, got, expected, fix)


def check_spike_times(times: np.ndarray, thing: str) -> np.ndarray:
    """Return the spike times of one cell as a vector if they are sound.

    Parameters
    ----------
    times : ndarray
        Spike times, along any one axis.
    thing : str
        What messages call them.

    Returns
    -------
    ndarray of float64, shape (spike,)

    Raises
    ------
    UserError
        If they are no numbers, lie along more than one axis, are not finite, or decrease; if more
        than a hundredth is there twice.

    Examples
    --------
    >>> check_spike_times(np.array([[3], [7]]), "eye.mat: spike_times, cell 0")
    array([3., 7.])
    """
    fix = "correct the recording: a cell's spike times are one vector of increasing numbers"
    times = np.asarray(times)
    if times.dtype.kind not in "uif":
        raise UserError(thing, f"values of type {times.dtype}", "numbers", fix)
    if times.size > max(times.shape, default=1):
        raise UserError(thing, f"shape {times.shape}", "one vector of spike times", fix)
    times = times.ravel().astype(np.float64)
    if not np.isfinite(times).all():
        spike = np.flatnonzero(~np.isfinite(times))[0]
        raise UserError(thing, f"{times[spike]} at spike {spike} (from 0)", "finite times", fix)
    steps = np.diff(times)
    if (steps < 0).any():
        spike = np.flatnonzero(steps < 0)[0]
        got = f"unsorted spike times, {times[spike + 1]} after {times[spike]}"
        got += f" at spike {spike + 1} (from 0)"
        raise UserError(thing, got, "times that increase from spike to spike", fix)
    return _without_twins(times, steps == 0, thing, fix)


def _without_twins(times: np.ndarray, twin: np.ndarray, thing: str, fix: str) -> np.ndarray:
    """Spike times without a few that are there twice, of which sorters leave some."""
    if twin.sum() > MOST_TWINS * len(times):
        spike = np.flatnonzero(twin)[0]
        got = f"the same spike time twice, {times[spike]}, one of {twin.sum()} such"
        raise UserError(thing, got, "times that increase from spike to spike", fix)
    if twin.any():
        logger.warning("%s: left out %d spikes of %d, as their times are there twice", thing,
                       twin.sum(), len(times))  # fmt: skip
    return times[~np.append(False, twin)] if len(times) else times


def check_span(spikes: Mapping[str, np.ndarray], first: float, end: float, thing: str) -> None:
    """Raise UserError if spikes and frames seem to be timed in units of a ratio of 1000.

    Parameters
    ----------
    spikes : mapping of ndarray, shape (spike,)
        Spike times of each cell.
    first, end : float
        When the first frame appeared and the last one ended.
    thing : str
        What messages call the spike times.

    Raises
    ------
    UserError
        If the spikes span 1000 times as long as the frames, or the frames as the spikes.

    Examples
    --------
    >>> check_span({"0": np.array([0.3, 9.0])}, 0.0, 10.0, "eye.mat: spike_times")
    """
    times = np.concatenate(list(spikes.values()))
    span = np.ptp(times) if len(times) else 0.0
    # Within a factor of 3, as there may be spikes before and after the stimulus, or few.
    if span > 0 and abs(abs(np.log10(span / (end - first))) - 3) < 0.5:
        raise UserError(
            thing,
            f"spikes over {span:.6g} and frames over {end - first:.6g} units of time",
            "one unit for both; one seems to be milliseconds, and the other seconds",
            "save spike times and frame times in the same unit",
        )


def spikes_within(
    spikes: Mapping[str, np.ndarray],
    first: float,
    end: float,
    period: float,
    spikes_outside: str,
    thing: str,
) -> dict[str, np.ndarray]:
    """Spikes during the stimulus, pauses included.

    Parameters
    ----------
    spikes, first, end, thing
        As in `check_span`.
    period : float
        One frame. Spikes may follow the end by as much, as it is not known exactly.
    spikes_outside : {"error", "ignore"}
        What is done about spikes outside; those ignored are counted in the log.

    Raises
    ------
    UserError
        If there is a spike outside, unless they are ignored.

    Examples
    --------
    >>> spikes_within({"a": np.array([-1.0, 3.0])}, 0.0, 9.0, 0.1, "ignore", "spike_times")
    {'a': array([3.])}
    """
    kept = {cell: t[(t >= first) & (t <= end + period)] for cell, t in spikes.items()}
    n_outside = {cell: len(times) - len(kept[cell]) for cell, times in spikes.items()}
    if spikes_outside == "ignore":
        if any(n_outside.values()):
            n_all, n_left_out = sum(map(len, spikes.values())), sum(n_outside.values())
            text = "%s: left out %d of %d spikes, which lie outside the stimulus"
            logger.warning(text, thing, n_left_out, n_all)
        return kept
    for cell, times in spikes.items():
        if n_outside[cell]:
            outside = times[0] if times[0] < first else times[-1]
            raise UserError(
                f"{thing}, cell {cell}",
                f"a spike at {outside}, outside the stimulus, one of {n_outside[cell]} such",
                f"times from {first} to {end}, when the first frame appears and the last one ends",
                "give both times on one clock, or set spikes_outside: ignore to leave these out",
            )
    return kept


def refractory_violations(times: np.ndarray) -> float:
    """Part of a cell's intervals between spikes that are shorter than 1.5 ms.

    Parameters
    ----------
    times : ndarray, shape (spike,)
        Spike times, which increase [s].

    Returns
    -------
    float
        NaN for fewer than two spikes.

    Examples
    --------
    >>> refractory_violations(np.array([0.0, 0.001, 0.1, 0.2, 0.3]))
    0.25
    """
    return float(np.mean(np.diff(times) < REFRACTORY)) if len(times) > 1 else float("nan")
