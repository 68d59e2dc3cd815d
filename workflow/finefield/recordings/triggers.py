"""Frame triggers: those too many, those that are missing, and those of frames that are held."""

import logging
from collections import Counter
from dataclasses import dataclass

import numpy as np

from finefield.base.errors import UserError

log = logging.getLogger(__name__)

#: Frames closer than this are one frame with a trigger too many, which leaves half a period at most
#: on one side of it [periods].
SHORTEST = 0.6
#: Two frames further apart than this have a gap between them [periods].
LONGEST = 1.5
#: A longer gap is a pause, in which no trigger was lost [periods].
PAUSE = 10.5
#: Gaps that are listed one by one.
MOST_LISTED = 5
#: Middles of the bins that intervals between frames are counted in [periods]; the last one holds
#: all that are longer.
INTERVALS = np.arange(12, 61) / 20


@dataclass(frozen=True)
class Timing:
    """How the frames of a sequence followed one another, within rows of times.

    Attributes
    ----------
    gap_time : ndarray of float64, shape (gap,)
        When the last frame before each gap appeared.
    gap_length : ndarray of int64, shape (gap,)
        Time from this frame to the next one [periods].
    interval_count : ndarray of int64, shape (interval,)
        Intervals between frames in each bin of `INTERVALS`.
    alone_time : ndarray of float64, shape (alone,)
        When triggers appeared that have gaps on both sides, of which one is a pause: perhaps no
        frame's.
    """

    gap_time: np.ndarray
    gap_length: np.ndarray
    interval_count: np.ndarray
    alone_time: np.ndarray


def check_intervals(
    onset: np.ndarray, period: float, thing: str, index: np.ndarray | None = None
) -> Timing:
    """Refuse a trigger too many, and tell of gaps between frames.

    Parameters
    ----------
    onset : ndarray of float64, shape (row, column)
        Time at which each frame appeared; NaN: it was not shown.
    period : float
        Nominal time from frame to frame.
    thing : str
        What messages call the times.
    index : ndarray of int, shape (row, column), optional
        Which frame of the stimulus each was; where it begins anew there is no gap.

    Returns
    -------
    Timing
        With times in the unit of `onset`.

    Raises
    ------
    UserError
        If a frame follows the one before, in its row or the row before, after less than 0.6
        periods: every frame after it would be taken for the next one.

    Examples
    --------
    >>> check_intervals(np.array([[0.0, 1.0, 1.3, 2.0]]), 1.0, "frame times")
    Traceback (most recent call last):
    finefield.base.errors.UserError: frame times: got 1.3 only 0.3 periods after 1.0 in trial 0, \
frame 2 (from 0); expected at least 0.6 of a period, 0.6. Fix: remove the trigger that is no frame's
    """
    times, place = onset[~np.isnan(onset)], np.argwhere(~np.isnan(onset))
    steps = np.diff(times) / period
    short = np.flatnonzero(steps < SHORTEST)
    if len(short):
        (before, now), (row, column) = times[short[0] :][:2], place[short[0] + 1]
        got = f"{now} only {steps[short[0]]:.2g} periods after {before}"
        got += f" in trial {row}, frame {column} (from 0)"
        got += f", one of {len(short)} such" if len(short) > 1 else ""
        expected = f"at least {SHORTEST:g} of a period, {SHORTEST * period:.4g}"
        raise UserError(thing, got, expected, "remove the trigger that is no frame's")
    intervals = np.diff(onset) / period
    goes_on = True if index is None else np.diff(index) > 0
    gap = np.nonzero((intervals > LONGEST) & goes_on)
    found = Timing(
        gap_time=onset[gap],
        gap_length=np.rint(np.diff(onset)[gap] / true_period(onset, period)).astype(np.int64),
        interval_count=_binned(intervals[~np.isnan(intervals)]),
        alone_time=_alone(times, period),
    )
    if len(found.gap_time):
        log.warning("%s: %s; trials end at them", thing, gaps_in_words(found))
    if len(found.alone_time):
        log.warning("%s: a trigger is %s", thing, alone_in_words(found.alone_time))
    return found


def true_period(onset: np.ndarray, period: float) -> float:
    """Time from frame to frame by the triggers, which may be some percent off the nominal one.

    Parameters
    ----------
    onset, period
        As in `check_intervals`.

    Examples
    --------
    >>> true_period(np.array([[0.0, 1.05, 2.1, 5.25, 6.3]]), 1.0)
    1.05
    """
    intervals = np.diff(onset)
    intervals = intervals[intervals < PAUSE * period]
    periods = np.rint(intervals / period)
    each = intervals[periods > 0] / periods[periods > 0]
    return float(np.median(each)) if len(each) else period


def _alone(times: np.ndarray, period: float) -> np.ndarray:
    """Times of triggers without another one near."""
    if len(times) < 2:
        return np.empty(0)
    steps = np.concatenate([[np.inf], np.diff(times) / period, [np.inf]])
    before, after = steps[:-1], steps[1:]
    return times[(np.minimum(before, after) > LONGEST) & (np.maximum(before, after) > PAUSE)]


def alone_in_words(times: np.ndarray) -> str:
    """Which triggers have no other near, and what that may do.

    Examples
    --------
    >>> alone_in_words(np.array([3.5]))
    'alone at 3.5: if this is no frame, all frames after it are one off'
    """
    first = ", ".join(f"{time:g}" for time in times[:MOST_LISTED])
    first += " and others" if len(times) > MOST_LISTED else ""
    return f"alone at {first}: if this is no frame, all frames after it are one off"


def gaps_in_words(timing: Timing) -> str:
    """How many gaps there are, how long, and after which times.

    Examples
    --------
    >>> none = np.zeros(0)
    >>> gaps_in_words(Timing(np.array([0.5, 7.0]), np.array([2, 2]), none, none))
    '2 gaps between frames (2 of 2 periods), after 0.5, 7'
    """
    lengths = Counter(timing.gap_length.tolist())
    listed = ", ".join(f"{count} of {length} periods" for length, count in sorted(lengths.items()))
    first = ", ".join(f"{time:g}" for time in timing.gap_time[:MOST_LISTED])
    more = " and others" if len(timing.gap_time) > MOST_LISTED else ""
    n_gaps = len(timing.gap_time)
    gaps = "gap" if n_gaps == 1 else "gaps"
    return f"{n_gaps} {gaps} between frames ({listed}), after {first}{more}"


def _binned(intervals: np.ndarray) -> np.ndarray:
    """Numbers of intervals [periods] in the bins of `INTERVALS`."""
    place = np.rint((intervals - INTERVALS[0]) / (INTERVALS[1] - INTERVALS[0]))
    place = np.clip(place, 0, len(INTERVALS) - 1).astype(int)
    return np.bincount(place, minlength=len(INTERVALS))


def with_lost(onset: np.ndarray, period: float | None, thing: str) -> np.ndarray:
    """Fill the gaps of a few periods with frames that were shown, but whose triggers were lost.

    Parameters
    ----------
    onset, period, thing
        As in `check_intervals`; without a period the times stay as they are.

    Returns
    -------
    ndarray of float64, shape (row, column)
        With evenly spaced times in gaps of up to ten periods; rows are padded with NaN to one
        length.

    Examples
    --------
    >>> with_lost(np.array([[0.0, 1.0, 3.0], [9.0, 10.0, 11.0]]), 1.0, "frame times").tolist()
    [[0.0, 1.0, 2.0, 3.0], [9.0, 10.0, 11.0, nan]]
    """
    onset = onset.astype(float)
    if period is None:
        return onset
    period = true_period(onset, period)
    rows, added = [], 0
    for row in onset:
        lost = np.rint(np.diff(row) / period) - 1
        lost = np.where((lost >= 1) & (lost < PAUSE - 1), lost, 0).astype(int)
        pairs = zip(row, row[1:], lost, strict=False)
        parts = [np.linspace(a, b, n + 2)[:-1] if n else [a] for a, b, n in pairs]
        filled = np.concatenate([*parts, row[-1:]])
        # A row that was padded, as triggers were lost, takes its padding's place.
        padding = len(row) - 1 - int(np.flatnonzero(~np.isnan(row)).max(initial=0))
        rows.append(filled[: len(filled) - min(padding, lost.sum())])
        added += lost.sum()
    if added:
        log.warning("%s: %d frames added in gaps, as lost_triggers says", thing, added)
    longest = max(map(len, rows))
    return np.array([np.pad(row, (0, longest - len(row)), constant_values=np.nan) for row in rows])


def without_held(onset: np.ndarray, index: np.ndarray, thing: str) -> tuple[np.ndarray, np.ndarray]:
    """Onsets of stimulus frames each of which is held for several frames of the monitor.

    Parameters
    ----------
    onset : ndarray of float64, shape (frame of the monitor,)
        When each frame of the monitor appeared.
    index : ndarray of int, shape (frame of the monitor,)
        Which frame of the stimulus it showed.
    thing : str
        What messages call the times.

    Returns
    -------
    onset, index : ndarray, shape (frame,)
        Without the frames that repeat the one before them, if most stimulus frames are held;
        otherwise as they are, and each repetition is the beginning of a trial.

    Examples
    --------
    >>> [a.tolist() for a in without_held(np.arange(6.0), np.array([0, 0, 1, 1, 2, 2]), "noise")]
    [[0.0, 2.0, 4.0], [0, 1, 2]]
    """
    new = np.diff(index, prepend=index[:1] - 1) != 0
    lasts = np.diff(np.append(np.flatnonzero(new), len(index)))
    held = np.median(lasts) if len(lasts) else 1
    if held < 2:
        return onset, index
    log.info("%s: most frames are held for %g frames of the monitor, and count as one", thing, held)
    # A frame after a pause is shown again, and not held.
    steps = np.diff(onset)
    new[1:] |= steps > LONGEST * np.median(steps)
    return onset[new], index[new]
