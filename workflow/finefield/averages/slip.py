"""Whether spikes keep their distance from the stimulus' frames over a recording."""

from itertools import combinations

import numpy as np

#: Parts of the recording, with as many spikes each.
PARTS = 3
#: Slips that are looked for with the drive all around the spikes of both parts, and distances from
#: spikes at which it is compared [frames].
MOST, REACH = 3, 8
#: Longer slips, of a part whose drive has no peak where that of the other has it [frames].
LONG = 30
#: What stands for a slip that is longer still, or for a part whose spikes follow no frames.
FAR = LONG + 1
#: A slip is believed if with it the drives before spikes of two parts are closer to each other by
#: so many squared standard errors, and no more than this part of what they were apart.
SURE, LEFT = 25.0, 0.25
#: The same of longer slips, of which more are tried.
VERY_SURE = 125.0
#: Median of the magnitude of normally distributed numbers of SD 1.
NORMAL_MEDIAN = 0.6745


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
        by 1 or more. `FAR` if spikes of one part follow frames and those of another do not.

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
    means = _mean_drives(score, newest, count)
    middle = slice(LONG, LONG + 2 * REACH + 1)
    near = [(mean[middle], variance) for mean, variance in means]
    pairs = list(combinations(range(len(means)), 2))
    slip = max((_apart(*near[a], *near[b]) for a, b in pairs), default=0)
    return slip or max((_far_apart(*means[a], *means[b]) for a, b in pairs), default=0)


def slip_in_words(slip: int) -> str:
    """By how many frames parts of a recording are apart.

    Examples
    --------
    >>> slip_in_words(1), slip_in_words(FAR)
    ('1', 'more than 30')
    """
    return f"more than {LONG}" if slip >= FAR else f"{slip:.0f}"


def _mean_drives(
    score: np.ndarray, newest: np.ndarray, count: np.ndarray
) -> list[tuple[np.ndarray, float]]:
    """Mean drive around the spikes of each part, and its variance; nothing if a part has none."""
    reach = REACH + LONG
    inside = (newest >= reach) & (newest < len(score) - reach)
    newest, count = newest[inside], count[inside]
    part = np.minimum(PARTS * (np.cumsum(count) - 1) // max(1, count.sum()), PARTS - 1)
    found = []
    for number in range(PARTS):
        own, weight = newest[part == number], count[part == number]
        if not weight.sum():
            return []
        around = [weight @ score[own + distance] for distance in range(-reach, reach + 1)]
        found.append((np.array(around) / weight.sum(), 1 / weight.sum()))
    return found


def _apart(one: np.ndarray, variance: float, other: np.ndarray, other_variance: float) -> int:
    """By how many frames two curves of mean drive are apart, as far as they are sure."""
    error = variance + other_variance
    left = {}
    for shift in range(-MOST, MOST + 1):
        moved = slice(max(0, shift), len(one) + min(0, shift))
        fixed = slice(max(0, -shift), len(one) + min(0, -shift))
        left[shift] = ((one[moved] - other[fixed]) ** 2).mean() * len(one) / error
    return _sure(left, SURE)


def _far_apart(one: np.ndarray, variance: float, other: np.ndarray, other_variance: float) -> int:
    """By how many frames a curve's peak is away from another's, `FAR` if it has none."""
    length = 2 * REACH + 1
    middle = slice(LONG, LONG + length)
    # The part that has its peak where all have it is looked for in the other one.
    if (one[middle] ** 2).sum() < (other[middle] ** 2).sum():
        one, other = other, one
    left = {
        shift: ((one[middle] - other[LONG + shift :][:length]) ** 2).sum()
        for shift in range(-LONG, LONG + 1)
    }
    none = {0: left[0], FAR: (other[middle] ** 2).sum()}
    error = max(variance, _spread(one)) + max(other_variance, _spread(other))
    found, flat = (
        _sure({shift: value / error for shift, value in each.items()}, VERY_SURE)
        for each in (left, none)
    )
    return found or flat


def _spread(mean: np.ndarray) -> float:
    """Variance of a curve of mean drive apart from its peaks: spikes in bursts count as fewer."""
    return float(np.median(np.abs(mean)) / NORMAL_MEDIAN) ** 2


def _sure(left: dict[int, float], least: float) -> int:
    """The slip that leaves least between two curves, 0 unless it is better by `least`."""
    best = min(left, key=lambda shift: left[shift])
    sure = left[0] - left[best] > least and left[best] < LEFT * left[0]
    return abs(best) if sure else 0
