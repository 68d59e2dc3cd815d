"""Recursions over frames, for `base.compiling`."""

import numpy as np

TINY = 1e-30


def earlier(values, first, start, frames):
    """As `model.earlier`."""
    keep, averages = np.exp(-1 / frames), np.empty_like(values)
    for column in range(values.shape[1]):
        state = start[column]
        for sample in range(len(values)):
            if first[sample]:
                state = start[column]
            averages[sample, column] = state
            state = keep * state + (1 - keep) * values[sample, column]
    return averages


def subtracted(summed, first, strength, frames):
    """What feedback subtracts from sums of drives and offset (sample,)."""
    keep, state, found = np.exp(-1 / frames), 0.0, np.empty_like(summed)
    for sample in range(len(summed)):
        if first[sample]:
            state = 0.0
        found[sample] = strength * state
        seen = summed[sample] - found[sample]
        soft = max(seen, 0.0) + np.log1p(np.exp(-abs(seen)))
        state = keep * state + (1 - keep) * soft
    return found


def log_rates(drives, first, mean, parameters):
    """Logarithm of spikes per frame (sample,), and its derivatives (sample, parameter).

    Parameters
    ----------
    drives : ndarray, shape (sample,)
        Sum of the filters' drives [1].
    first : ndarray of bool, shape (sample,)
        Where runs begin.
    mean : float
        Mean of the drives [1].
    parameters : ndarray, shape (9,)
        As in `fitting`.
    """
    strength, frames = parameters[:6:2], np.exp(parameters[1:6:2])
    weight, offset, log_scale = parameters[6], parameters[7], parameters[8]
    keep = np.exp(-1 / frames)
    by_log_frames = keep / frames
    log_rate, by_all = np.empty(len(drives)), np.ones((len(drives), 9))
    by_sum, by_state = np.zeros(8), np.zeros(8)
    before = level = mean
    by_before = by_level = state = 0.0
    for sample in range(len(drives)):
        if first[sample]:
            before = level = mean
            by_before = by_level = state = 0.0
            by_state[:] = 0.0
        drive, gain = drives[sample], strength[1] / mean
        divisor = 1 + gain * level
        adapted = (drive + strength[0] * before) / divisor
        by_sum[0] = weight * before / divisor
        by_sum[1] = weight * strength[0] * by_before / divisor
        by_sum[2] = -weight * adapted * level / mean / divisor
        by_sum[3] = -weight * adapted * gain * by_level / divisor
        by_sum[4] = -state
        by_sum[6] = adapted
        by_sum[7] = 1.0
        seen = weight * adapted + offset - strength[2] * state
        soft = max(seen, 0.0) + np.log1p(np.exp(-abs(seen)))
        slope = 1 / (1 + np.exp(-seen))
        log_rate[sample] = np.log(soft + TINY) + log_scale
        for one in range(8):
            own = by_sum[one] - strength[2] * by_state[one]
            by_all[sample, one] = own * slope / (soft + TINY)
            by_state[one] = keep[2] * by_state[one] + (1 - keep[2]) * slope * own
        by_state[5] += by_log_frames[2] * (state - soft)
        state = keep[2] * state + (1 - keep[2]) * soft
        by_before = keep[0] * by_before + by_log_frames[0] * (before - drive)
        before = keep[0] * before + (1 - keep[0]) * drive
        by_level = keep[1] * by_level + by_log_frames[1] * (level - drive)
        level = keep[1] * level + (1 - keep[1]) * drive
    return log_rate, by_all
