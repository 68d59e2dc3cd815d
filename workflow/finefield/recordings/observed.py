"""When each unit was observed: intervals, and the frames that lie in them."""

import numpy as np

from finefield.base.errors import UserError


def intervals(observed: np.ndarray | None, invalid: np.ndarray) -> np.ndarray:
    """Times at which a unit was observed and the recording is valid.

    Parameters
    ----------
    observed : ndarray, shape (interval, 2), or None
        Beginnings and ends; None for all times.
    invalid : ndarray, shape (interval, 2)
        Beginnings and ends of times that are not valid.

    Returns
    -------
    ndarray of float64, shape (interval, 2)
        In order and apart.

    Examples
    --------
    >>> intervals(np.array([[0.0, 5.0], [4.0, 9.0]]), np.array([[2.0, 3.0]])).tolist()
    [[0.0, 2.0], [3.0, 9.0]]
    """
    whole = np.array([[-np.inf, np.inf]]) if observed is None else np.asarray(observed, float)
    kept = _joined(whole.reshape(-1, 2))
    for begin, end in np.asarray(invalid, float).reshape(-1, 2):
        parts = [(a, min(b, begin)) for a, b in kept] + [(max(a, end), b) for a, b in kept]
        kept = _joined(np.array([part for part in parts if part[0] < part[1]]).reshape(-1, 2))
    return kept


def checked(times: np.ndarray, thing: str) -> np.ndarray:
    """Return beginnings and ends of intervals if each ends after it begins.

    Parameters
    ----------
    times : ndarray, shape (interval, 2)
        Beginnings and ends.
    thing : str
        What messages call them.

    Raises
    ------
    UserError
        If one ends before it begins, or either is NaN.

    Examples
    --------
    >>> checked(np.array([[0.0, 5.0]]), "eye.nwb: invalid_times").tolist()
    [[0.0, 5.0]]
    """
    times = np.asarray(times, float).reshape(-1, 2)
    bad = np.flatnonzero(~(times[:, 0] <= times[:, 1]))
    if len(bad):
        begin, end = times[bad[0]]
        got, expected = f"an interval from {begin:g} to {end:g}", "an end after the beginning"
        raise UserError(thing, got, expected, "correct the interval")
    return times


def _joined(given: np.ndarray) -> np.ndarray:
    """Intervals in order, those that overlap or touch as one."""
    joined: list[list[float]] = []
    for begin, end in given[np.argsort(given[:, 0])]:
        if joined and begin <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([begin, end])
    return np.array(joined).reshape(-1, 2)


def inside(onset: np.ndarray, end: np.ndarray, times: np.ndarray, slack: float) -> np.ndarray:
    """Which frames lie whole in one of the intervals.

    Parameters
    ----------
    onset, end : ndarray, shape (frame,)
        When frames appeared and ended.
    times : ndarray, shape (interval, 2)
        As from `intervals`.
    slack : float
        By how much a frame may reach beyond, by rounding.

    Returns
    -------
    ndarray of bool, shape (frame,)
    """
    if not len(times):
        return np.zeros(len(onset), bool)
    one = np.searchsorted(times[:, 0], onset + slack, side="right") - 1
    return (one >= 0) & (end <= times[one, 1] + slack)
