"""When a recorded cell was there: units are lost in the middle of a recording, or found late."""

import logging

import numpy as np

from finefield.responses.responses import Responses

log = logging.getLogger(__name__)

#: Spikes that there must be, and that their rate leads to expect in a silence for it to be a loss.
LEAST = 100


def while_present(responses: Responses, name: str) -> Responses:
    """Responses without a silence at their beginning or end in which the cell cannot have been.

    Training and validation blocks then lie where the cell was there, and no network learns silence.

    Parameters
    ----------
    responses : Responses
        A cell's responses to one sequence.
    name : str
        What the log calls the sequence.

    Returns
    -------
    Responses
        From the first to the last spike, if there are 100 spikes or more and their rate leads to
        expect 100 or more in the silence before or after; otherwise as they are at that end. A
        warning tells how many frames were left out.

    Notes
    -----
    A Poisson cell is silent so long with a probability of exp(-100), and one that fires in bursts
    of ten spikes of exp(-10).

    Examples
    --------
    >>> count = np.zeros((4, 500), int)
    >>> count[0] = 1
    >>> found = while_present(Responses(count, np.arange(4) * 500, 30.0), "running")
    >>> found.n_frames.tolist(), found.first_frame.tolist()
    ([500], [0])
    """
    count = responses.in_order()
    fired = np.flatnonzero(count)
    if count.sum() < LEAST:
        return responses
    first, end = fired[0], fired[-1] + 1
    rate = count[first:end].mean()
    first = first if rate * first >= LEAST else 0
    end = end if rate * (len(count) - end) >= LEAST else len(count)
    if end - first == len(count):
        return responses
    text = "%s sequence: the cell fires in frames %d to %d of %d alone; the others are left out"
    log.warning(text, name, first, end - 1, len(count))
    inside = responses.inside
    there = np.zeros(inside.shape, bool)
    there[inside] = (np.arange(len(count)) >= first) & (np.arange(len(count)) < end)
    return responses.where(there)
