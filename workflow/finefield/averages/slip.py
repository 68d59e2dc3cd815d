"""Whether spikes keep their distance from the stimulus' frames over a recording."""

from itertools import combinations

import numpy as np

#: Parts of the recording, with as many spikes each.
PARTS = 3
#: Slips that are looked for, and distances from spikes at which the drive is compared [frames].
MOST, REACH = 3, 8
#: A slip is believed if with it the drives before spikes of two parts are closer to each other by
#: so many squared standard errors, and no more than this part of what they were apart.
SURE, LEFT = 25.0, 0.25


def frame_slip(drive: np.ndarray, newest: np.ndarray, count: np.ndarray) -> int:
    """By how many frames parts of a recording are apart.

    Parameters
    ----------
    drive : ndarray, shape (frame,)
        What the cell's average filter sees, with each frame as the newest [1].
    newest, count : ndarray, shape (sample,)
        As from `Responses.samples`.

    Returns
    -------
    int
        0 if the mean drive around spikes, as a function of the distance from them, is the same in
        all parts. A frame trigger too many or too few, or frames that were dropped unseen, shift it
        by 1 or more.

    Examples
    --------
    >>> drive = np.random.default_rng(0).standard_normal(3000)
    >>> count = (drive > 1.5).astype(int)
    >>> later = np.where(np.arange(3000) < 2000, count, np.roll(count, 1))
    >>> frames = np.arange(3, 2997)
    >>> frame_slip(drive, frames, count[frames]), frame_slip(drive, frames, later[frames])
    (0, 1)
    """
    score = (drive - drive.mean()) / (drive.std() or 1.0)
    inside = (newest >= REACH) & (newest < len(drive) - REACH)
    newest, count = newest[inside], count[inside]
    part = np.minimum(PARTS * (np.cumsum(count) - 1) // max(1, count.sum()), PARTS - 1)
    around, means = np.arange(-REACH, REACH + 1), []
    for number in range(PARTS):
        own, weight = newest[part == number], count[part == number]
        if not weight.sum():
            return 0
        means.append((weight @ score[own[:, None] + around] / weight.sum(), 1 / weight.sum()))
    return max(_apart(*one, *other) for one, other in combinations(means, 2))


def _apart(one: np.ndarray, variance: float, other: np.ndarray, other_variance: float) -> int:
    """By how many frames two curves of mean drive are apart, as far as they are sure."""
    error = variance + other_variance
    left = {}
    for shift in range(-MOST, MOST + 1):
        moved = slice(max(0, shift), len(one) + min(0, shift))
        fixed = slice(max(0, -shift), len(one) + min(0, -shift))
        left[shift] = ((one[moved] - other[fixed]) ** 2).mean() * len(one) / error
    best = min(left, key=lambda shift: left[shift])
    sure = left[0] - left[best] > SURE and left[best] < LEFT * left[0]
    return abs(best) if sure else 0
