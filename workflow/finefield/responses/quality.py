"""How good a cell's recording is: spikes, drift, and how alike its responses to repeats are."""

import numpy as np

from finefield.responses.responses import Responses
from finefield.responses.scores import noise_ceiling, repeat_reliability


def too_few_spikes(running: Responses, min_spikes: int) -> str:
    """Why a cell with fewer than `min_spikes` spikes is dropped; empty for one with more.

    Examples
    --------
    >>> too_few_spikes(Responses(np.array([[0, 2]]), np.zeros(1, int), 30.0), 5)
    '2 spikes in its training responses, fewer than 5'
    """
    few = running.n_spikes < min_spikes
    reason = f"{running.n_spikes} spikes in its training responses, fewer than {min_spikes}"
    return reason if few else ""


def cell_quality(running: Responses, frozen: Responses | None) -> dict[str, float]:
    """Quality figures of one cell, whatever its receptive field.

    Parameters
    ----------
    running, frozen : Responses
        Responses to the training stimulus, and to repeats of the frozen sequence; None for the
        latter if nothing was repeated.

    Returns
    -------
    dict of float
        ``n_spikes`` to the training stimulus [1]; ``duration`` of the responses to it [s], without
        frames in which the cell was not observed; ``mean_rate`` [Hz]; ``rate_change``, the rate in
        the last fifth of the frames over that in the first fifth [1], NaN without spikes in the
        first; ``reliability`` and ``noise_ceiling`` of the frozen sequence [1], NaN without one.

    Examples
    --------
    >>> running = Responses(np.repeat([[2, 2, 2, 2, 1]], 10, 0).T, np.arange(5) * 10, 30.0)
    >>> frozen = Responses(np.array([[0, 1, 2], [0, 1, 2]]), np.zeros(2, int), 30.0)
    >>> found = cell_quality(running, frozen)
    >>> found["mean_rate"], found["rate_change"], round(found["reliability"], 3)
    (54.0, 0.5, 1.0)
    """
    count = running.in_order()
    fifths = np.array_split(count, 5)
    first, last = fifths[0].mean(), fifths[-1].mean()
    repeats = frozen.frozen(lags=1)[1] if frozen else np.empty((0, 0))
    return {
        "n_spikes": int(count.sum()),
        "duration": len(count) / running.frame_rate,
        "mean_rate": float(count.mean()) * running.frame_rate,
        "rate_change": float(last / first) if first > 0 else float("nan"),
        "reliability": repeat_reliability(repeats),
        "noise_ceiling": noise_ceiling(repeats),
    }
